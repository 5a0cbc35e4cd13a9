"""What a registry has counted since it was last asked.

Contract   ``collect`` answers every gauge, what each counter grew by and what was timed since the call before, so
           that the answers of a process add up to its totals. A counter that didn't grow is left out, except in the
           first answer that could name it: who sums them then knows that it exists.
Threads    One caller; counting goes on meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from common.metrics.keys import key
from common.metrics.registry import Count, Distribution, Level, Metric, Registry
from common.metrics.sketch import Sketch


@dataclass(slots=True)
class Collected:
    gauges: dict[str, float | None] = field(default_factory=dict)
    counters: dict[str, float] = field(default_factory=dict)
    sketches: dict[str, Sketch] = field(default_factory=dict)


class Collector:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._told: dict[str, float] = {}
        self._keys: dict[tuple[str, tuple[str, ...]], str] = {}

    def collect(self) -> Collected:
        collected = Collected()
        for text, child in self._children():
            if isinstance(child, Level):
                collected.gauges[text] = child.value
            elif isinstance(child, Count):
                self._count(collected.counters, text, child.value)
            else:
                assert isinstance(child, Distribution)
                self._time(collected.sketches, text, child.drain())
        return collected

    def _children(self) -> Iterator[tuple[str, Any]]:
        # Copies, because other threads add label sets meanwhile.
        for metric in list(self._registry.metrics.values()):
            for values, child in list(metric.children.items()):
                yield self._key(metric, values), child

    def _key(self, metric: Metric[Any], values: tuple[str, ...]) -> str:
        known = self._keys.get((metric.name, values))
        if known is None:
            known = key(metric.name, dict(zip(metric.labels, values, strict=True)))
            self._keys[metric.name, values] = known
        return known

    def _count(self, counters: dict[str, float], text: str, value: float) -> None:
        told = self._told.get(text)
        if told is None or value != told:
            counters[text] = value - (told or 0.0)
            self._told[text] = value

    def _time(self, sketches: dict[str, Sketch], text: str, drained: Sketch) -> None:
        if drained.count:
            sketches[text] = drained
