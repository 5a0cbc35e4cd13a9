"""Forecasts and anomalies for people who watch: drawn, explained and judged."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from common import clock
from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from monitoring.engine.spans import SPANS
from monitoring.forecasting.models import Verdict
from monitoring.forecasting.selectors.findings import Summary, insights_page, summary
from monitoring.forecasting.web.evidence import AnomalyView, anomaly_view
from monitoring.selectors.thresholds import current_thresholds
from monitoring.web.specs import page_specs

ROWS_MAX: Final = 60
RANGES: Final = ("6h", "24h", "7d", "30d")
_RANGE: Final = "24h"
_OPERATE: Final = "monitoring.operate_platform"


@dataclass(frozen=True, slots=True)
class ForecastsContext:
    summary: Summary
    can_operate: bool
    data: dict[str, Any]
    tab: str = "forecasts"
    is_wall: bool = False


@dataclass(frozen=True, slots=True)
class AnomaliesContext:
    """``shown`` is which verdicts: open, judged or all."""

    summary: Summary
    can_operate: bool
    ranges: tuple[str, ...]
    span: str
    shown: str
    items: tuple[AnomalyView, ...]
    is_cut: bool
    data: dict[str, Any]
    tab: str = "anomalies"
    is_wall: bool = False


class ForecastsPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        get_token(request)
        data = {"specs": page_specs(current_thresholds())}
        context = ForecastsContext(summary(), _can_operate(request), data)
        return render(request, "forecasting/forecasts.html", {"page": context})


class AnomaliesPage(ApiPageView):
    """With ``part=list`` only the list, which the page puts in place of what it shows."""

    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        get_token(request)
        is_part = request.GET.get("part") == "list"
        template = "forecasting/_anomalies.html" if is_part else "forecasting/anomalies.html"
        return render(request, template, {"page": _anomalies(request)})


def _anomalies(request: HttpRequest) -> AnomaliesContext:
    asked = request.GET.get("range", "")
    span = asked if asked in RANGES else _RANGE
    shown = request.GET.get("shown", "")
    shown = shown if shown in ("open", "judged") else "all"
    since = clock.now() - timedelta(seconds=SPANS[span])
    found = insights_page(since=since, verdicts=_verdicts(shown), limit=ROWS_MAX + 1)
    return AnomaliesContext(
        summary=summary(),
        can_operate=_can_operate(request),
        ranges=RANGES,
        span=span,
        shown=shown,
        items=tuple(anomaly_view(one) for one in found[:ROWS_MAX]),
        is_cut=len(found) > ROWS_MAX,
        data={"specs": {}},
    )


def _verdicts(shown: str) -> tuple[Verdict, ...]:
    return {"open": (Verdict.OPEN,), "judged": (Verdict.REAL, Verdict.NORMAL)}.get(shown, tuple(Verdict))


def _can_operate(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(_OPERATE))
