"""How the site is now, and against an hour ago.

Contract   Values of now come from the processes themselves, or from the store while Redis is away; which of them is
           told. Nothing is made up: what nobody measures is None.
Bound      One reading of Redis and one query of the store for an overview, kept for ``KEEP_S`` in the process.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from common import clock
from monitoring.engine.cards import ENDS, Trend, trend_of
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.derive import derive
from monitoring.engine.health import health_score, state_of
from monitoring.engine.insights import INSIGHTS_MAX, Insight, insights_of
from monitoring.selectors.history import history
from monitoring.selectors.latest import latest
from monitoring.selectors.parts import SILENT, role_states
from monitoring.selectors.recent_frames import recent_frames
from monitoring.selectors.thresholds import current_thresholds
from monitoring.types import Frame, Role, SeriesKey, SeriesSpec, State

CARDS: Final = ("cpu_usage", "memory_usage", "cache_hit_rate", "response_time", "throughput", "health_score")
KEEP_S: Final = 2.0
SPARK_POINTS: Final = 60
_MINUTE_S: Final = 60

Value = float | None


@dataclass(frozen=True, slots=True)
class Current:
    """``values`` are those of the site by name; ``source`` is live, store or none."""

    at: datetime | None
    age_s: float | None
    source: str
    values: Mapping[str, Value]
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Card:
    spec: SeriesSpec
    value: Value
    state: State
    trend: Trend
    times: tuple[int, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    current: Current
    cards: tuple[Card, ...]
    insights: tuple[Insight, ...]


class _Kept:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.overview: Overview | None = None


_kept = _Kept()


def current_measurements() -> Current:
    """The newest value of each series, and the newest frame of each process."""
    recent, now = recent_frames(), time.time()
    if recent is None or recent.second is None:
        return _stored(now)
    derived = derive(recent.frames, thresholds=current_thresholds())
    values = {key.name: value for key, value in derived.items() if not key.dimension}
    told = tuple(frame for frame in recent.frames if frame.role is not Role.SITE)
    return Current(datetime.fromtimestamp(recent.second, UTC), recent.age_s(now), "live", values, told)


def overview() -> Overview:
    """Cards with trend and sparkline, and what stands out."""
    with _kept.lock:
        if _kept.overview is None or time.monotonic() >= _kept.until:
            _kept.overview = _made()
            _kept.until = time.monotonic() + KEEP_S
        return _kept.overview


def forget_overview() -> None:
    """Work it out anew the next time."""
    _kept.overview = None


def _stored(now: float) -> Current:
    rows = {key.name: row for key, row in latest().items() if not key.dimension}
    at = max((row.at for row in rows.values()), default=None)
    values: dict[str, Value] = dict.fromkeys(CATALOGUE) | {name: row.value for name, row in rows.items()}
    values["health_score"] = health_score(values, current_thresholds())
    age_s = None if at is None else max(now - at.timestamp(), 0.0)
    return Current(at, age_s, "none" if at is None else "store", values, ())


def _made() -> Overview:
    current = current_measurements()
    cards = _cards(current)
    trends = {card.spec.name: card.trend for card in cards}
    states = role_states(current.frames) if current.source == "live" else {}
    silent = [f"the {role}" for role, state in states.items() if state == SILENT]
    found = insights_of(CATALOGUE.values(), current.values, current_thresholds(), trends, silent)
    return Overview(current, cards, tuple([*found, *_of_others()][:INSIGHTS_MAX]))


def _of_others() -> list[Insight]:
    """What products above this app have to say (``settings.INSIGHT_SOURCES``)."""
    return [insight for source in settings.INSIGHT_SOURCES for insight in import_string(source)()]


def _cards(current: Current) -> tuple[Card, ...]:
    end = clock.now().replace(second=0, microsecond=0)
    start = end - timedelta(minutes=SPARK_POINTS + ENDS)
    keys = [SeriesKey(name) for name in CARDS]
    found = history(series=keys, start=start, end=end, step_s=_MINUTE_S)
    times = tuple(found.times[-SPARK_POINTS:])
    return tuple(_card(line.key.name, line.values, times, current) for line in found.lines)


def _card(name: str, values: "list[Value] | tuple[Value, ...]", times: tuple[int, ...], current: Current) -> Card:
    spec, value = CATALOGUE[name], current.values.get(name)
    state = state_of(name, value, current_thresholds().get(name))
    return Card(spec, value, state, trend_of(spec, values), times, tuple(values[-SPARK_POINTS:]))
