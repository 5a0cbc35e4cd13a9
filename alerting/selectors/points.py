"""What rules look at: the newest values as the processes tell them, and the stored past where a rule needs it.

Contract   The newest value of a series is that of the last second while processes tell; else the last stored one.
           Values of the past are means of steps, the finer the shorter the reach.
Bound      One reading of Redis, and two queries for each group of ``SERIES_MAX`` series that look back equally far.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from alerting.engine.conditions import NEWEST, reach_s
from alerting.engine.expressions import read_expression
from alerting.engine.points import History, Points
from alerting.selectors.moments import moment
from alerting.types import Kind, Rule
from monitoring.selectors.history import history
from monitoring.selectors.latest import latest
from monitoring.selectors.live_values import live_values
from monitoring.selectors.series import stored_series
from monitoring.types import SeriesKey

#: Series that a backtest reads, points of one in a query, and rows that a query may read.
_SERIES: Final = 40
_POINTS: Final = 500
_ROWS: Final = 20_000
#: Steps of the stored past, the finest first; it is kept so.
_STEPS_S: Final = (10, 60, 300, 900, 3_600)
_MARGIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Need:
    """The series of a rule, how far back they are read, 0 for the newest value alone."""

    names: tuple[str, ...]
    by: str
    span_s: float


def need_of(rule: Rule) -> Need:
    """Raises: RuleInvalid"""
    expression = read_expression(rule.expression)
    is_newest = rule.kind in NEWEST or rule.kind is Kind.ABSENT
    own_s = 0.0 if is_newest else reach_s(rule)
    span_s = own_s + expression.span_s
    return Need(expression.names, rule.by, span_s + _MARGIN_S if span_s else 0.0)


def history_of(rules: Iterable[Rule], now: float) -> History:
    """All that the rules look at, at ``now`` seconds since the epoch."""
    rules = list(rules)
    needs = [need_of(rule) for rule in rules]
    newest = _newest(needs, _oldest_s(rules), now)
    found = {key: Points([at], [value]) for key, (at, value) in newest.items()}
    for step_s, keys, span_s in _pasts(needs, newest):
        for key, points in stored_points(keys, now - span_s, now, step_s).items():
            found[key] = _joined(points, newest.get(key))
    return History(found)


def stored_points(keys: Iterable[SeriesKey], start: float, end: float, step_s: int) -> dict[SeriesKey, Points]:
    """The stored means of steps; a step is told at its end, when it was known."""
    found: dict[SeriesKey, tuple[list[float], list[float | None]]] = {}
    keys = list(keys)
    chunk_s = step_s * _POINTS
    first = start // step_s * step_s
    group = max(1, min(_SERIES, _ROWS // (_POINTS * max(1, step_s // 60))))
    while keys and first < end:
        until = min(first + chunk_s, end)
        for at in range(0, len(keys), group):
            _read(found, keys[at : at + group], first, until, step_s)
        first += chunk_s
    return {key: Points(times, values) for key, (times, values) in found.items()}


def step_for(span_s: float) -> int:
    """The finest step in which a span is read."""
    return next((step for step in _STEPS_S if span_s / step <= _POINTS), _STEPS_S[-1])


def _read(
    found: dict[SeriesKey, tuple[list[float], list[float | None]]],
    keys: list[SeriesKey],
    start: float,
    end: float,
    step_s: int,
) -> None:
    part = history(series=keys, start=moment(start), end=moment(max(end, start + step_s)), step_s=step_s)
    for line in part.lines:
        times, values = found.setdefault(line.key, ([], []))
        for at, value in zip(part.times, line.values, strict=True):
            known_at = float(at + part.step_s)
            if value is not None and known_at <= end and (not times or known_at > times[-1]):
                times.append(known_at)
                values.append(value)


def _oldest_s(rules: list[Rule]) -> float:
    """How far back the last stored value may lie for a rule to use it."""
    ages = [rule.fresh_s for rule in rules]
    ages += [rule.levels[-1].threshold for rule in rules if rule.kind is Kind.ABSENT]
    return max(ages, default=60.0) + _MARGIN_S


def _newest(needs: list[Need], age_s: float, now: float) -> dict[SeriesKey, tuple[float, float]]:
    names = sorted({name for need in needs for name in need.names})
    kinds = {"", *(need.by for need in needs)}
    stored = latest(names=names, age_s_max=age_s)
    # A row's moment is the beginning of the ten seconds in which its value was the last.
    found = {key: (min(one.at.timestamp() + 10, now), one.value) for key, one in stored.items() if _kind(key) in kinds}
    live = live_values()
    if live is not None and live.second <= now:
        wanted = set(names)
        found |= {
            key: (float(live.second), value)
            for key, value in live.values.items()
            if key.name in wanted and _kind(key) in kinds
        }
    return found


def _kind(key: SeriesKey) -> str:
    return key.dimension.partition(":")[0]


def _pasts(
    needs: list[Need], newest: Mapping[SeriesKey, tuple[float, float]]
) -> Iterable[tuple[int, list[SeriesKey], float]]:
    """Step, series and span of each reading of the past; a series is read once, as far back as any rule needs."""
    spans: dict[SeriesKey, float] = {}
    for need in [one for one in needs if one.span_s]:
        for key in _keys(need, newest):
            spans[key] = max(spans.get(key, 0.0), need.span_s)
    by_step: dict[int, list[SeriesKey]] = {}
    for key, span_s in spans.items():
        by_step.setdefault(step_for(span_s), []).append(key)
    for step_s, keys in by_step.items():
        yield step_s, keys, max(spans[key] for key in keys)


def _keys(need: Need, newest: Mapping[SeriesKey, tuple[float, float]]) -> list[SeriesKey]:
    """The site's own series beside those of the dimension, for what the dimension doesn't tell."""
    site = [SeriesKey(name) for name in need.names]
    if not need.by:
        return site
    return site + [key for key in newest if key.name in need.names and _kind(key) == need.by]


def _joined(points: Points, newest: tuple[float, float] | None) -> Points:
    if newest is None or (points.times and newest[0] <= points.times[-1]):
        return points
    return Points([*points.times, newest[0]], [*points.values, newest[1]])


def past_of(rule: Rule, start: float, end: float) -> History:
    """What a backtest of the rule from ``start`` to ``end`` looks at."""
    need = need_of(rule)
    keys = [SeriesKey(name) for name in need.names]
    if need.by:
        keys += stored_series(names=need.names, dimension_prefix=f"{need.by}:", since=moment(start))
    begin = start - max(need.span_s, rule.fresh_s)
    span = timedelta(seconds=end - begin)
    return History(stored_points(keys[:_SERIES], begin, end, 60 if span <= timedelta(days=8) else 300))
