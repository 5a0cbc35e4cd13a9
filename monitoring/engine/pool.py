"""What several frames of one second say together.

Contract   ``rate`` sums what the processes counted or timed, by the second; ``sketch`` merges what they timed;
           ``levels`` are their gauges. None is "nobody who could know told", never zero.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from common.metrics.keys import parsed
from common.metrics.sketch import Sketch, of_document
from monitoring.types import Frame, Role

Labels = tuple[tuple[str, str], ...]


class Pool:
    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)
        self._rates: dict[str, list[tuple[Labels, float]]] = defaultdict(list)
        self._sketches: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._levels: dict[str, list[tuple[str, float]]] = defaultdict(list)

    def add_rate(self, name: str, labels: Labels, per_second: float) -> None:
        self._rates[name].append((labels, per_second))

    def add_sketch(self, name: str, labels: Labels, document: Mapping[str, Any], seconds: float) -> None:
        self._sketches[name].append(document)
        self.add_rate(name, labels, document["c"] / seconds)

    def add_level(self, name: str, host: str, level: float) -> None:
        self._levels[name].append((host, level))

    def rate(self, name: str, where: Callable[[dict[str, str]], bool] | None = None) -> float:
        """Per second, over all label sets or those that ``where`` accepts; 0.0 when nothing was counted."""
        return sum(rate for labels, rate in self._rates.get(name, ()) if where is None or where(dict(labels)))

    def sketch(self, name: str) -> Sketch:
        merged = Sketch()
        for document in self._sketches.get(name, ()):
            merged.merge(of_document(document))
        return merged

    def levels(self, name: str) -> list[float]:
        return [level for _, level in self._levels.get(name, ())]

    def levels_by_host(self, name: str) -> list[float]:
        """One for each host, whose processes measure the same thing a moment apart: the highest."""
        highest: dict[str, float] = {}
        for host, level in self._levels.get(name, ()):
            highest[host] = max(level, highest.get(host, level))
        return list(highest.values())


def pool_of(frames: Iterable[Frame]) -> Pool:
    frames = list(frames)
    pool = Pool(frame.role for frame in frames)
    for frame in frames:
        for key, delta in frame.counters.items():
            pool.add_rate(*parsed(key), delta / frame.seconds)
        for key, document in frame.sketches.items():
            pool.add_sketch(*parsed(key), document, frame.seconds)
        for key, level in frame.gauges.items():
            if level is not None:
                pool.add_level(parsed(key)[0], frame.host, level)
    return pool


def pools_by_route(frames: Iterable[Frame]) -> dict[str, Pool]:
    """One for each ``METHOD template`` that was asked for."""
    pools: dict[str, Pool] = {}

    def pool_for(labels: Labels) -> Pool | None:
        values = dict(labels)
        if "route" not in values or "method" not in values:
            return None
        return pools.setdefault(f"{values['method']} {values['route']}", Pool([Role.WEB]))

    for frame in frames:
        for key, delta in frame.counters.items():
            name, labels = parsed(key)
            if (pool := pool_for(labels)) is not None:
                pool.add_rate(name, labels, delta / frame.seconds)
        for key, document in frame.sketches.items():
            name, labels = parsed(key)
            if (pool := pool_for(labels)) is not None:
                pool.add_sketch(name, labels, document, frame.seconds)
    return pools
