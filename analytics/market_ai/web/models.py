"""The model card, and what staff may do: promote, roll back, train."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from analytics.market_ai.engine.drift import ALARM, WATCH
from analytics.market_ai.engine.features import FEATURES, NAMES
from analytics.market_ai.errors import ModelNotFound
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.selectors.models import listed_models, model_card
from analytics.market_ai.services.promote_model import promote_model, roll_back_model
from analytics.market_ai.services.request_training import request_training
from analytics.market_ai.types import ModelStatus
from analytics.market_ai.web import figures
from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from common.client_ip import client_ip
from common.errors import DomainError
from common.problem_words import words_of

_OPERATE = permission_required("monitoring.operate_platform", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Drift:
    name: str
    index: float | None
    words: str


class ModelsPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest, version: str = "") -> HttpResponse:
        try:
            shown = model_card(int(version) if version else None)
        except ModelNotFound as refusal:
            raise Http404(refusal.detail) from refusal
        get_token(request)
        return render(request, "analytics/models.html", {"models": listed_models(), **_card(shown)})


def _card(shown: ModelVersion | None) -> dict[str, Any]:
    if shown is None:
        return {"shown": None, "features": FEATURES}
    metrics = shown.metrics
    return {
        "shown": shown,
        "is_live": shown.status == ModelStatus.LIVE,
        "sources": [{"name": name or "this site", **entry} for name, entry in sorted(metrics["sources"].items())],
        "pooled": {"name": "All", **metrics["pooled"]},
        "model_dots": figures.dots(metrics["reliability"]["model"]),
        "price_dots": figures.dots(metrics["reliability"]["price"]),
        "bars": figures.bars(metrics["importance"]),
        "curve": figures.curve(metrics["learning_curve"]),
        "side": figures.SIDE,
        "wide": figures.WIDE,
        "high": figures.HIGH,
        "drifts": _drifts(shown),
        "record": shown.drift.get("record"),
        "features": FEATURES,
    }


def _drifts(shown: ModelVersion) -> list[Drift]:
    index = shown.drift.get("index", {})
    return [Drift(name, index[name], _words(index[name])) for name in NAMES if name in index]


def _words(index: float | None) -> str:
    if index is None:
        return "too few markets"
    return "as in training" if index < WATCH else "moved" if index < ALARM else "unlike training"


@require_POST
@login_required
@_OPERATE
def promote(request: HttpRequest, version: str) -> HttpResponse:
    try:
        promote_model(model_id=int(version), actor_id=_actor(request), reason=_reason(request), ip=client_ip(request))
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("market-ai:model", version=version)
    messages.success(request, f"Model {version} is live.")
    return redirect("market-ai:models")


@require_POST
@login_required
@_OPERATE
def roll_back(request: HttpRequest) -> HttpResponse:
    try:
        model = roll_back_model(actor_id=_actor(request), reason=_reason(request), ip=client_ip(request))
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, f"Model {model.pk} is live again.")
    return redirect("market-ai:models")


@require_POST
@login_required
@_OPERATE
def train(request: HttpRequest) -> HttpResponse:
    try:
        job = request_training(actor_id=_actor(request), ip=client_ip(request))
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, f"Training is job {job.pk}; your page of jobs shows how far it is.")
    return redirect("market-ai:models")


def _actor(request: HttpRequest) -> int:
    assert request.user.pk is not None
    return int(request.user.pk)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:400]
