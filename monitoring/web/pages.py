"""The two dashboards. First paint shows the newest values; charts and live values come from the API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.health import state_of
from monitoring.engine.readings import Reading, reading
from monitoring.selectors.dashboards import DashboardView, own_dashboards
from monitoring.selectors.overview import current_measurements
from monitoring.selectors.thresholds import current_thresholds
from monitoring.types import SeriesSpec, State, Thresholds
from monitoring.web.plan import ADVANCED, ADVANCED_CARDS, BY_PROCESS, BY_ROUTE, PERFORMANCE, PERFORMANCE_CARDS, Section
from monitoring.web.specs import page_specs
from monitoring.web.status import StatusView, status_of

_ID: Final = re.compile(r"[0-9]{1,18}")
RANGES: Final = ("15m", "1h", "6h", "24h", "7d", "30d", "90d")


@dataclass(frozen=True, slots=True)
class CardView:
    """One number at the head of a page; ``state`` is what draws attention to it."""

    spec: SeriesSpec
    reading: Reading
    state: str


@dataclass(frozen=True, slots=True)
class OperationsContext:
    tab: str
    is_wall: bool
    status: StatusView
    cards: tuple[CardView, ...]
    sections: tuple[Section, ...]
    ranges: tuple[str, ...]
    data: dict[str, Any]
    #: Only the advanced dashboard has dashboards of one's own.
    dashboards: tuple[DashboardView, ...] = ()
    dashboard_id: int | None = None
    is_shared: bool = False


class PerformanceDashboardPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        context = _context(request, "performance", PERFORMANCE_CARDS, PERFORMANCE)
        return render(request, "monitoring/performance.html", {"page": context})


class AdvancedDashboardPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        # The token lets the page save dashboards through the API.
        get_token(request)
        # Not request.user: who comes with a key has no session.
        user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
        asked = request.GET.get("d", "")
        context = replace(
            _context(request, "advanced", ADVANCED_CARDS, ADVANCED),
            dashboards=tuple(own_dashboards(user_id)),
            dashboard_id=int(asked) if _ID.fullmatch(asked) else None,
            is_shared="shared" in request.GET,
        )
        return render(request, "monitoring/advanced.html", {"page": context})


def _context(request: HttpRequest, tab: str, cards: Sequence[str], sections: tuple[Section, ...]) -> OperationsContext:
    values, limits = current_measurements().values, current_thresholds()
    return OperationsContext(
        tab=tab,
        is_wall=request.GET.get("wall") == "1",
        status=status_of(values, limits),
        cards=tuple(_card(CATALOGUE[name], values.get(name), limits.get(name)) for name in cards),
        sections=sections,
        ranges=RANGES,
        data={
            "specs": page_specs(limits),
            "by": {"process": BY_PROCESS, "route": BY_ROUTE},
        },
    )


def _card(spec: SeriesSpec, value: float | None, limits: Thresholds | None) -> CardView:
    state = state_of(spec.name, value, limits)
    # A measure without limits needs no attention, whatever its value.
    shown = State.GOOD if state is State.UNKNOWN and value is not None else state
    return CardView(spec, reading(value, spec.unit, spec.decimals), shown.value)
