"""What changed, in sentences with their evidence."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.shifts import shift
from analytics.business.selectors.site_days import day_lines
from analytics.business.selectors.values import shown
from analytics.business.types import Metric

WATCHED: Final = ("volume", "trades", "dau", "sign_ups", "fee_revenue", "orders", "markets_opened")


@dataclass(frozen=True, slots=True)
class Insight:
    """``t``: how many standard errors the means of a day are apart; at least 2 either way."""

    metric: Metric
    text: str
    before: float
    now: float
    t: float


def insights(*, end: date, span_days: int) -> list[Insight]:
    """Figures whose days before ``end`` really differ from as many days before, the clearest first."""
    start = end - timedelta(days=2 * span_days)
    lines = day_lines(WATCHED, start=start, end=end)
    found = [_insight(METRICS[name], values, span_days) for name, values in lines.items()]
    return sorted((one for one in found if one is not None), key=lambda one: -abs(one.t))


def _insight(metric: Metric, values: list[int | float | None], span_days: int) -> Insight | None:
    before = [value for value in values[:span_days] if value is not None]
    now = [value for value in values[span_days:] if value is not None]
    found = shift(before, now)
    if found is None or not found.is_significant:
        return None
    way = "rose" if found.t > 0 else "fell"
    part = f" ({(found.now / found.before - 1) * 100:+.0f} %)" if found.before > 0 else ""
    text = f"{metric.title} {way} from {shown(metric, found.before)} to {shown(metric, found.now)} a day{part}."
    return Insight(metric, text, found.before, found.now, found.t)
