"""Store what the processes published: from the stream in Redis into samples of ten seconds.

Contract   Exactly once: the position in the stream moves in the transaction that writes the samples, and a sample is
           worked out from all frames of its seconds, those read before included (see ``monitoring.engine.intake``).
           Frames that come too late are counted and refused.
Bound      ``CHUNK`` frames a transaction; after ``budget_s`` the rest waits for the next run. What no later frame can
           call for again leaves the stream, which shares the memory of Redis with sessions and queues.
Locks      The row of the position. Who doesn't get it leaves the work to who has it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import F

from common import clock
from common.metrics.registry import registry
from monitoring.engine.derive import Values, derive
from monitoring.engine.folding import folded
from monitoring.engine.frame_text import MALFORMED
from monitoring.engine.intake import (
    Entry,
    Intake,
    bucket_of,
    buckets_of,
    needed_since_ms,
    taken_in,
    windows,
    with_site_held,
)
from monitoring.models import IngestPosition, Series
from monitoring.selectors.thresholds import current_thresholds
from monitoring.services._frame_stream import FrameStream, frame_stream
from monitoring.services._sample_rows import write_samples
from monitoring.types import STREAM, Frame

logger = logging.getLogger(__name__)
CHUNK: Final = 1_000
#: A quiet route is known for this long; until then it has no request a second, later nothing is known about it.
ROUTES_KNOWN: Final = timedelta(days=1)
FRAMES: Final = registry.counter("metric_frames_total", "Frames taken from the stream of measurements.", ["outcome"])


@dataclass(frozen=True, slots=True)
class Stored:
    frames: int = 0
    repeated: int = 0
    refused: int = 0
    samples: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(
            self.frames + other.frames,
            self.repeated + other.repeated,
            self.refused + other.refused,
            self.samples + other.samples,
        )

    @property
    def entries(self) -> int:
        return self.frames + self.repeated + self.refused


def store_samples(*, budget_s: float = 25.0) -> Stored:
    """Store everything that waits in the stream, or as much as ``budget_s`` allows.

    Raises: redis.RedisError when Redis is away; what waits is read the next time
    """
    IngestPosition.objects.get_or_create(stream=STREAM)
    ends_at = time.monotonic() + budget_s
    total = Stored()
    with frame_stream() as stream:
        while True:
            chunk = _store_chunk(stream)
            total += chunk
            if chunk.entries < CHUNK or time.monotonic() >= ends_at:
                _forget_stored(stream)
                return total


def _forget_stored(stream: FrameStream) -> None:
    """Only what was stored, so that nothing is lost when storing has stood still."""
    position = IngestPosition.objects.values_list("position", flat=True).get(stream=STREAM)
    stream.forget_before(needed_since_ms(position))


def _store_chunk(stream: FrameStream) -> Stored:
    with transaction.atomic():
        held = IngestPosition.objects.select_for_update(skip_locked=True).filter(stream=STREAM).first()
        entries = stream.after(held.position, CHUNK) if held else []
        if held is None or not entries:
            return Stored()
        if held.position != "0-0" and stream.begins_after(held.position):
            logger.warning("the stream of measurements was cut after %s before it was stored", held.position)
            FRAMES.of("lost").add()
        now_s = clock.now().timestamp()
        buckets = buckets_of(entries, now_s)
        intake = taken_in(entries, now_s, before=_entries_before(stream, buckets, held.position))
        stored = Stored(intake.stored, intake.repeated, intake.refused, _write(intake, buckets))
        _advance(held, entries[-1].id, stored)
    FRAMES.of("stored").add(stored.frames)
    FRAMES.of("repeated").add(stored.repeated)
    FRAMES.of("refused").add(stored.refused)
    return stored


def _entries_before(stream: FrameStream, buckets: set[int], position: str) -> Iterator[Entry]:
    """What was read up to ``position`` and belongs to ``buckets``."""
    until_ms = int(position.partition("-")[0])
    for first_ms, last_ms in windows(buckets, until_ms):
        last = position if last_ms == until_ms else str(last_ms)
        for entry in stream.between(str(first_ms), last):
            if entry.frame is not None and bucket_of(entry.frame.at) in buckets:
                yield entry


def _write(intake: Intake, buckets: set[int]) -> int:
    limits = current_thresholds()
    work_out = partial(derive, routes=_known_routes(), thresholds=limits)
    values: dict[int, dict[int, Values]] = {bucket: {} for bucket in buckets}
    for second, frames in with_site_held(intake.seconds).items():
        if bucket_of(second) in buckets:
            values[bucket_of(second)][second] = _worked_out(work_out, second, frames)
    return write_samples({bucket: folded(seconds) for bucket, seconds in values.items()})


def _worked_out(work_out: Callable[[list[Frame]], Values], second: int, frames: list[Frame]) -> Values:
    try:
        return work_out(frames)
    except MALFORMED:
        # It would be met again in every run, and nothing after it would ever be stored.
        logger.exception("the measurements of second %s can't be worked out and are left out", second)
        FRAMES.of("malformed").add(len(frames))
        return {}


def _known_routes() -> set[str]:
    since = clock.now().date() - ROUTES_KNOWN
    known = Series.objects.filter(name="throughput", dimension__startswith="route:", last_on__gte=since)
    return {dimension.removeprefix("route:") for dimension in known.values_list("dimension", flat=True)}


def _advance(held: IngestPosition, position: str, stored: Stored) -> None:
    IngestPosition.objects.filter(pk=held.pk).update(
        position=position,
        frames_stored=F("frames_stored") + stored.frames,
        frames_repeated=F("frames_repeated") + stored.repeated,
        frames_refused=F("frames_refused") + stored.refused,
        stored_at=clock.now(),
    )
