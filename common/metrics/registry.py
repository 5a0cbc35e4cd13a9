"""What this process counts, sets and times; an agent publishes it each second.

Contract   Safe for threads. A metric keeps the totals since the process began; a sketch keeps what was recorded
           since ``drain``. Metrics are made once, at import; asking twice for a name gives the same metric.
           What measures right before a sample may fail: then its gauges stay as they were and the rest is measured.
Bound      At most ``LABEL_SETS_MAX`` label sets a metric unless it says otherwise; further ones are counted under the
           labels "other", so that no caller's input can fill the memory. Labels that are ``kept`` have few values and
           keep theirs.
Names      As Prometheus has them, without a prefix: ``http_requests_total``, ``http_request_seconds``; labels never
           hold ids of people, markets or orders.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Literal, TypeVar

from common.metrics.sketch import Sketch

LABEL_SETS_MAX: Final = 200
OTHER: Final = "other"
_COMPLAIN_EVERY_S: Final = 60.0
#: How the gauges of several processes become one.
Merge = Literal["sum", "max", "min", "mean"]
logger = logging.getLogger(__name__)


class Count:
    """One counter of one label set."""

    __slots__ = ("_lock", "value")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.value = 0.0

    def add(self, amount: float = 1.0) -> None:
        with self._lock:
            self.value += amount

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]


class Level:
    """One gauge of one label set; ``None`` until it is first set, and again when nothing is known."""

    __slots__ = ("_lock", "value")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.value: float | None = None

    def set(self, value: float | None) -> None:
        self.value = value

    def add(self, amount: float) -> None:
        with self._lock:
            self.value = (self.value or 0.0) + amount

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]


class Distribution:
    """One sketch of one label set."""

    __slots__ = ("_lock", "_sketch")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sketch = Sketch()

    def record(self, value: float) -> None:
        with self._lock:
            self._sketch.record(value)

    def drain(self) -> Sketch:
        """What was recorded since the last drain."""
        with self._lock:
            drained, self._sketch = self._sketch, Sketch()
        return drained

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]

    def give_back(self, drained: Sketch) -> None:
        """Return what could not be published, for the next time."""
        with self._lock:
            self._sketch.merge(drained)


Child = TypeVar("Child", Count, Level, Distribution)


class Metric(Generic[Child]):
    """All label sets of one name."""

    def __init__(
        self,
        child: type[Child],
        name: str,
        help_text: str,
        labels: Sequence[str],
        merge: Merge = "sum",
        *,
        kept: Sequence[str] = (),
        sets_max: int = LABEL_SETS_MAX,
    ) -> None:
        assert set(kept) <= set(labels)
        self.child: type[Child] = child
        self.name = name
        self.help_text = help_text
        self.labels = tuple(labels)
        self.merge = merge
        self._is_kept = tuple(label in kept for label in labels)
        self._sets_max = sets_max
        self.children: dict[tuple[str, ...], Child] = {}
        self._lock = threading.Lock()

    def of(self, *values: str) -> Child:
        """The child of these label values, in the order of ``labels``."""
        return self.children.get(values) or self._made(values)

    def _made(self, values: tuple[str, ...]) -> Child:
        assert len(values) == len(self.labels), f"{self.name} has the labels {self.labels}"
        with self._lock:
            if values not in self.children and len(self.children) >= self._sets_max:
                values = tuple(
                    value if is_kept else OTHER for value, is_kept in zip(values, self._is_kept, strict=True)
                )
            return self.children.setdefault(values, self.child())

    def forget(self) -> None:
        """In a child of a fork: nothing was counted yet, and no thread holds a lock."""
        self._lock = threading.Lock()
        for child in self.children.values():
            child.forget()


class Registry:
    def __init__(self) -> None:
        self.metrics: dict[str, Metric[Any]] = {}
        self._before: list[Callable[[], None]] = []
        self._complained_at = float("-inf")

    def counter(
        self,
        name: str,
        help_text: str,
        labels: Sequence[str] = (),
        *,
        kept: Sequence[str] = (),
        sets_max: int = LABEL_SETS_MAX,
    ) -> Metric[Count]:
        assert name.endswith("_total")
        return self._provided(Metric(Count, name, help_text, labels, kept=kept, sets_max=sets_max))

    def gauge(self, name: str, help_text: str, labels: Sequence[str] = (), *, merge: Merge = "sum") -> Metric[Level]:
        return self._provided(Metric(Level, name, help_text, labels, merge))

    def sketch(self, name: str, help_text: str, labels: Sequence[str] = ()) -> Metric[Distribution]:
        return self._provided(Metric(Distribution, name, help_text, labels))

    def before_sample(self, measure: Callable[[], None]) -> Callable[[], None]:
        """Have ``measure`` set its gauges right before each sample; it must be quick and never wait."""
        self._before.append(measure)
        return measure

    def measure(self) -> None:
        for measure in self._before:
            try:
                measure()
            except Exception as mistake:
                self._complain(measure, mistake)

    def _complain(self, measure: Callable[[], None], mistake: Exception) -> None:
        if time.monotonic() - self._complained_at > _COMPLAIN_EVERY_S:
            self._complained_at = time.monotonic()
            logger.error("%s could not be measured: %r", measure.__module__, mistake, exc_info=mistake)

    def forget(self) -> None:
        """For a child of a fork: what its parent counted is the parent's to tell."""
        for metric in self.metrics.values():
            metric.forget()

    def _provided(self, metric: Metric[Child]) -> Metric[Child]:
        # OpenMetrics names a counter's family without its ending, so that the two would be one.
        twin = metric.name.removesuffix("_total") if metric.name.endswith("_total") else f"{metric.name}_total"
        assert twin not in self.metrics, f"{metric.name} and {twin} would be one name in OpenMetrics"
        known: Any = self.metrics.setdefault(metric.name, metric)
        is_same = known.labels == metric.labels and known.child is metric.child
        assert is_same, f"{metric.name} is made twice, unlike"
        same: Metric[Child] = known
        return same


#: The one of this process.
registry: Final = Registry()
os.register_at_fork(after_in_child=registry.forget)
