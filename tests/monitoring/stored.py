"""Samples and rollups as plain rows, written as the ingest writes them."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from monitoring.engine.folding import Fold, folded
from monitoring.models import HourRollup, MinuteRollup
from monitoring.services._sample_rows import write_samples
from monitoring.types import SeriesKey

Row = tuple[str, str, datetime, float, float, float, float, int, int]


def store(values: Mapping[int, Mapping[SeriesKey, float | None]]) -> None:
    """Store values by second."""
    buckets: dict[int, dict[int, Mapping[SeriesKey, float | None]]] = {}
    for second, known in values.items():
        buckets.setdefault(second // 10 * 10, {})[second] = known
    write_samples({bucket: folded(seconds) for bucket, seconds in buckets.items()})


def expected(values: Mapping[int, Mapping[SeriesKey, float | None]], span_s: int) -> list[Row]:
    """What a single pass over all values says about each span, worked out the long way."""
    groups: dict[tuple[SeriesKey, int], list[tuple[int, float]]] = {}
    for second, known in sorted(values.items()):
        for key, value in known.items():
            if value is not None:
                groups.setdefault((key, second // span_s * span_s), []).append((second, value))
    rows = []
    for (key, span), pairs in groups.items():
        numbers = [value for _, value in pairs]
        moment = datetime.fromtimestamp(span, UTC)
        rows.append((*key, moment, min(numbers), max(numbers), sum(numbers), numbers[-1], len(numbers), 0))
    return sorted(rows)


def rollups(model: type[MinuteRollup] | type[HourRollup]) -> list[Row]:
    columns = ("series__name", "series__dimension", "bucket", "min", "max", "sum", "last", "count", "anomaly_count")
    return sorted(model.objects.values_list(*columns))


def random_values(
    chance: random.Random, seconds: Iterable[int], keys: Sequence[SeriesKey]
) -> dict[int, dict[SeriesKey, float | None]]:
    """Whole numbers, so that sums don't depend on their order; one in five is missing."""
    return {
        second: {key: None if chance.random() < 0.2 else float(chance.randint(0, 100)) for key in keys}
        for second in seconds
    }


def fold(value: float) -> Fold:
    return Fold(value, value, value, value, 1)
