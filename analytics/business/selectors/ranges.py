"""The ranges of days that pages and answers tell of."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.business.selectors.rows import today
from analytics.business.types import Grain

RANGES: Final = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}


@dataclass(frozen=True, slots=True)
class RangeQuery:
    """The last ``days`` days up to and with today: ``[start, end)``."""

    name: str
    days: int
    start: date
    end: date
    grain: Grain


def range_of(name: str, grain: Grain = Grain.DAY) -> RangeQuery:
    end = today() + timedelta(days=1)
    days = RANGES[name]
    return RangeQuery(name, days, end - timedelta(days=days), end, grain)
