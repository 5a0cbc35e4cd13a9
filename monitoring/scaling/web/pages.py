"""Scaling for people who watch: how each target stands, why, and what another policy would have made of a day."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from monitoring.scaling.models import ScalingPolicy
from monitoring.scaling.selectors.overview import TargetNow, policies, targets_now
from monitoring.scaling.selectors.switch import is_scaling_on
from monitoring.scaling.selectors.targets import current_pause
from monitoring.scaling.types import Pause
from monitoring.selectors.thresholds import current_thresholds
from monitoring.web.specs import page_specs

_OPERATE: Final = "monitoring.operate_platform"
_WITHHELD: Final = {Pause.ALL: "every change", Pause.IN: "taking instances away", Pause.OUT: "adding instances"}
_MODES: Final = {"off": "off", "forecast_only": "kept beside the decision", "on": "may add instances"}


@dataclass(frozen=True, slots=True)
class TargetView:
    """``paused`` says what is withheld; empty when nothing is."""

    now: TargetNow
    paused: str
    mode: str


@dataclass(frozen=True, slots=True)
class ScalingContext:
    is_on: bool
    can_operate: bool
    targets: tuple[TargetView, ...]
    policies: tuple[ScalingPolicy, ...]
    data: dict[str, Any]
    tab: str = "scaling"
    is_wall: bool = False


class ScalingPage(ApiPageView):
    """With ``part=targets`` only the targets, which the page puts in place of those it shows."""

    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        get_token(request)
        template = "scaling/_targets.html" if request.GET.get("part") == "targets" else "scaling/scaling.html"
        return render(request, template, {"page": _context(request)})


def _context(request: HttpRequest) -> ScalingContext:
    known = tuple(policies())
    return ScalingContext(
        is_on=is_scaling_on(),
        can_operate=bool(request.user.has_perm(_OPERATE)),
        targets=tuple(_target(one) for one in targets_now()),
        policies=known,
        data={"specs": page_specs(current_thresholds()), "policies": [_policy(one) for one in known]},
    )


def _target(now: TargetNow) -> TargetView:
    return TargetView(now, _WITHHELD.get(current_pause(now.row), ""), _MODES[now.row.mode])


def _policy(policy: ScalingPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "target": policy.target.name,
        "metric_name": policy.metric_name,
        "scale_up_threshold": policy.scale_up_threshold,
        "scale_down_threshold": policy.scale_down_threshold,
        "target_value": policy.target_value,
        "min_instances": policy.min_instances,
        "max_instances": policy.max_instances,
        "cooldown_period": policy.cooldown_s,
    }
