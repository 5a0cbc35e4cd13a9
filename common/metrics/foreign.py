"""What libraries count with ``prometheus_client``, django-prometheus among them, carried into our own registry.

Contract   ``bridge`` has each sample of this process take along what ``source`` counted since the last one, so that
           it is merged over processes, and kept over restarts, like our own. Counters arrive under their own name;
           gauges without the ending ``_total``, which belongs to counters; of a histogram or summary its sum and
           number arrive as ``<name>_sum_total`` and ``<name>_observed_total``.
Left out   What ``prometheus_client`` says of the process and Python, which we measure ourselves, and names that our
           registry had first.
Why        The way of the library to merge processes keeps files for each that ever lived, and reads all at each scrape.
"""

import os
from collections.abc import Iterator
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry
from prometheus_client.samples import Sample

from common.metrics import keys
from common.metrics.registry import Registry, registry

_OWN: Final = ("process_", "python_")
#: How the samples of a family that only grow are called here.
_GROWING: Final = {"_total": "_total", "_sum": "_sum_total", "_count": "_observed_total"}
_GROWING_TYPES: Final = ("counter", "histogram", "summary")


def bridge(source: CollectorRegistry = REGISTRY, target: Registry = registry) -> None:
    """Arrange it for this process; once is enough, and more does no harm."""
    if not any(carrier.joins(source, target) for carrier in _carriers):
        carrier = _Carrier(source, target)
        _carriers.append(carrier)
        target.before_sample(carrier.carry)


def gauges_of(*collectors: Collector) -> dict[str, float]:
    """The gauges of ``collectors`` by key, for a frame that isn't about this process."""
    families = [family for collector in collectors for family in collector.collect()]
    return {
        keys.key(gauge_name(family), sample.labels): sample.value for family in families for sample in family.samples
    }


def gauge_name(family: Metric) -> str:
    return family.name.removesuffix("_total")


class _Carrier:
    def __init__(self, source: CollectorRegistry, target: Registry) -> None:
        self._source = source
        self._target = target
        self._seen: dict[str, float] = {}
        self._names: set[str] = set()

    def joins(self, source: CollectorRegistry, target: Registry) -> bool:
        return self._source is source and self._target is target

    def carry(self) -> None:
        for family in self._families():
            for name, sample in _growing(family):
                self._count(name, family.documentation, sample)
            if family.type == "gauge":
                for sample in family.samples:
                    self._set(gauge_name(family), family.documentation, sample)

    def leave_to_parent(self) -> None:
        """In the child of a fork: what was counted so far, the parent carries."""
        for family in self._families():
            self._seen |= {keys.key(name, sample.labels): sample.value for name, sample in _growing(family)}

    def _families(self) -> Iterator[Metric]:
        return (family for family in self._source.collect() if not family.name.startswith(_OWN))

    def _count(self, name: str, help_text: str, sample: Sample) -> None:
        key = keys.key(name, sample.labels)
        grown = sample.value - self._seen.get(key, 0.0)
        self._seen[key] = sample.value
        if self._is_ours(name):
            labels = sorted(sample.labels)
            self._target.counter(name, help_text, labels).of(*(sample.labels[label] for label in labels)).add(grown)

    def _set(self, name: str, help_text: str, sample: Sample) -> None:
        if self._is_ours(name):
            labels = sorted(sample.labels)
            level = self._target.gauge(name, help_text, labels, merge="max")
            level.of(*(sample.labels[label] for label in labels)).set(sample.value)

    def _is_ours(self, name: str) -> bool:
        if name in self._names:
            return True
        base = name.removesuffix("_total")
        if base in self._target.metrics or f"{base}_total" in self._target.metrics:
            return False
        self._names.add(name)
        return True


def _growing(family: Metric) -> Iterator[tuple[str, Sample]]:
    """The samples that only grow, but no buckets: their bounds are not ours."""
    for sample in family.samples if family.type in _GROWING_TYPES else ():
        ending = sample.name.removeprefix(family.name)
        if ending in _GROWING:
            yield family.name + _GROWING[ending], sample


_carriers: Final[list[_Carrier]] = []


def _leave_to_parent() -> None:
    for carrier in _carriers:
        carrier.leave_to_parent()


os.register_at_fork(after_in_child=_leave_to_parent)
