"""The small parts of the board, which its page shows all of.

Contract   Each says what the selector of its own says: ``switch_state``, ``board.standing``, ``current_calibration``,
           ``board.tunables`` and the newest of ``board.cycles``.
Bound      One statement.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from monitoring.optimizer.engine.confidence import Calibration
from monitoring.optimizer.models import OptimizerSwitch
from monitoring.optimizer.selectors.board import Standing, standing_of
from monitoring.optimizer.selectors.records import NEWEST, calibration_of
from monitoring.optimizer.selectors.switch import SwitchState, state_of

#: One row, also of empty tables: everything is joined to nothing.
_OVERVIEW: Final = """
SELECT s.is_monitoring, s.is_optimizing, s.score, s.optimised_at, c.at, c.milliseconds,
    counted.statuses, counted.counts, judged.promised, judged.are_kept, judged.changes,
    tuned.names, tuned.numbers, tuned.moments, tuned.people
FROM (VALUES (1)) AS one (id)
LEFT JOIN optimizer_optimizerswitch s ON s.id = one.id
LEFT JOIN (SELECT at, milliseconds FROM optimizer_cycle ORDER BY at DESC LIMIT 1) c ON TRUE
CROSS JOIN (
    SELECT array_agg(r.status) AS statuses, array_agg(r.count) AS counts
    FROM (SELECT status, count(*) AS count FROM optimizer_recommendation GROUP BY status) r
) counted
CROSS JOIN (
    SELECT array_agg(r.confidence) AS promised, array_agg(r.status = 'kept') AS are_kept,
        array_agg(r.change) AS changes
    FROM (
        SELECT confidence, status, change FROM optimizer_recommendation
        WHERE status IN ('kept', 'reverted') AND is_judged ORDER BY ended_at DESC LIMIT %(newest)s
    ) r
) judged
CROSS JOIN (
    SELECT array_agg(t.name ORDER BY t.name) AS names, array_agg(t.value ORDER BY t.name) AS numbers,
        array_agg(t.changed_at ORDER BY t.name) AS moments,
        array_agg(COALESCE(u.username, '') ORDER BY t.name) AS people
    FROM optimizer_tunable t LEFT JOIN accounts_user u ON u.id = t.changed_by_id
    WHERE right(t.name, 6) <> '_round'
) tuned
"""


@dataclass(frozen=True, slots=True)
class Tuned:
    """A setting that differs from the program's own; ``changed_by`` is empty for the optimizer."""

    name: str
    value: float
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class LastCycle:
    at: datetime
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Overview:
    """``cycle`` is the newest; None while there was none."""

    switch: SwitchState
    standing: Standing
    calibration: Calibration
    tunables: tuple[Tuned, ...]
    cycle: LastCycle | None


def overview() -> Overview:
    with connection.cursor() as cursor:
        cursor.execute(_OVERVIEW, {"newest": NEWEST})
        row: tuple[Any, ...] = cursor.fetchone()
    is_monitoring, is_optimizing, score, optimised_at, at, milliseconds = row[:6]
    counts, judged, tuned = _rows(row[6:8]), _rows(row[8:11]), _rows(row[11:])
    switch = state_of(
        OptimizerSwitch(
            is_monitoring=is_monitoring, is_optimizing=is_optimizing, score=score, optimised_at=optimised_at
        )
    )
    return Overview(
        switch=switch,
        standing=standing_of(switch, dict(counts)),
        calibration=calibration_of(judged),
        tunables=tuple(Tuned(*one) for one in tuned),
        cycle=None if at is None else LastCycle(at, milliseconds),
    )


def _rows(columns: tuple[Any, ...]) -> list[Any]:
    """Of no rows PostgreSQL makes no list."""
    return list(zip(*(column or () for column in columns), strict=True))
