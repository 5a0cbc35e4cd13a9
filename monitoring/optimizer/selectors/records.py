"""What became of the changes so far: by rule, and how well it was promised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Count

from monitoring.optimizer.engine.confidence import Calibration, Record, calibration
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.types import Status

_ENDED: Final = (Status.KEPT, Status.REVERTED, Status.INCONCLUSIVE)
NEWEST: Final = 1_000


def records() -> Mapping[str, Record]:
    """By rule."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    found = Recommendation.objects.filter(status__in=_ENDED, is_judged=True).values_list("rule", "status")
    for rule, status, count in found.annotate(count=Count("id")):
        counts[rule][status] = count
    return {rule: Record(**by_status) for rule, by_status in counts.items()}


def current_calibration() -> Calibration:
    """Of the newest changes that were judged."""
    rows = Recommendation.objects.filter(status__in=(Status.KEPT, Status.REVERTED), is_judged=True)
    judged = list(rows.order_by("-ended_at").values_list("confidence", "status", "change")[:NEWEST])
    return calibration_of([(promised, status == Status.KEPT, change) for promised, status, change in judged])


def calibration_of(judged: Sequence[tuple[float, bool, float | None]]) -> Calibration:
    """Of changes as they were promised, whether they were kept, and what they measurably changed."""
    outcomes = [(promised, is_kept) for promised, is_kept, _ in judged]
    return calibration(outcomes, [change is not None and change < 0 for _, _, change in judged])
