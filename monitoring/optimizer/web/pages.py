"""The optimizer's board: what it proposes and why, what is in force, and what came of it."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.readings import Reading, reading
from monitoring.optimizer.engine.confidence import Calibration
from monitoring.optimizer.engine.strategies import Plan
from monitoring.optimizer.selectors import board
from monitoring.optimizer.selectors.incidents import freeze_reason
from monitoring.optimizer.selectors.overview import LastCycle, Tuned, overview
from monitoring.optimizer.selectors.switch import current_plan
from monitoring.optimizer.web.words import BoardItem, board_item

_OPERATE: Final = "monitoring.operate_platform"
_HISTORY: Final = 30
#: What is worth a forecast on the board.
_SHOWN: Final = (
    "cpu_usage", "memory_usage", "cache_hit_rate", "db_pool_checked_out", "db_query_time", "response_time",
    "error_rate", "throughput", "queue_age",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutlookView:
    title: str
    now: Reading
    line: Reading
    r2: float
    model: str
    better: Reading | None


@dataclass(frozen=True, slots=True)
class BoardContext:
    is_on: bool
    is_acting: bool
    can_operate: bool
    plan: Plan
    standing: board.Standing
    frozen: str
    calibration: Calibration
    items: tuple[BoardItem, ...]
    history: tuple[BoardItem, ...]
    tunables: tuple[Tuned, ...]
    cycle: LastCycle | None
    outlooks: tuple[OutlookView, ...]
    data: dict[str, Any]
    tab: str = "optimizer"
    is_wall: bool = False


class OptimizerPage(ApiPageView):
    """With ``part=board`` only what changes by itself, which the page puts in place of what it shows."""

    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        get_token(request)
        is_part = request.GET.get("part") == "board"
        template = "optimizer/_board.html" if is_part else "optimizer/optimizer.html"
        return render(request, template, {"page": _context(request, with_outlooks=not is_part)})


def _context(request: HttpRequest, *, with_outlooks: bool) -> BoardContext:
    known = overview()
    items, history = board.open_and_ended(ended=_HISTORY)
    return BoardContext(
        is_on=known.switch.is_monitoring,
        is_acting=known.switch.is_optimizing,
        can_operate=bool(request.user.has_perm(_OPERATE)),
        plan=current_plan(),
        standing=known.standing,
        frozen=freeze_reason(),
        calibration=known.calibration,
        items=tuple(board_item(row) for row in items),
        history=tuple(board_item(row) for row in history),
        tunables=known.tunables,
        cycle=known.cycle,
        outlooks=tuple(_outlook(one) for one in board.outlooks(_SHOWN)) if with_outlooks else (),
        data={},
    )


def _outlook(one: board.Outlook) -> OutlookView:
    spec = CATALOGUE[one.name]

    def read(value: float) -> Reading:
        return reading(value, spec.unit, spec.decimals)

    return OutlookView(
        title=one.title,
        now=read(one.line.now),
        line=read(one.line.ahead),
        r2=one.line.r2,
        model="" if one.better is None else one.better.model,
        better=None if one.better is None else read(one.better.value),
    )
