"""How good the markets are: calibration of those that were resolved."""

from dataclasses import dataclass
from datetime import date

from analytics.business.engine.calibration import Bin, calibration_error, reliability
from analytics.business.models import ScoredOutcome


@dataclass(frozen=True, slots=True)
class Calibration:
    """``error`` is None without any scored outcome."""

    bins: tuple[Bin, ...]
    error: float | None
    count: int


def calibration(*, start: date, end: date) -> Calibration:
    """Of outcomes of markets settled in ``[start, end)``, by their probability a day before the close."""
    rows = ScoredOutcome.objects.filter(settled_on__gte=start, settled_on__lt=end)
    pairs = list(rows.values_list("probability", "payout"))
    bins = reliability(pairs)
    return Calibration(tuple(bins), calibration_error(bins), len(pairs))
