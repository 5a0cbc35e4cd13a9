"""How far measurements have been stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from monitoring.types import STREAM

_STATE: Final = """
SELECT p.stored_at, p.frames_stored, p.frames_repeated, p.frames_refused,
    (SELECT count(*) FROM monitoring_dirtybucket), (SELECT min(bucket) FROM monitoring_dirtybucket)
FROM monitoring_ingestposition p WHERE p.stream = %s
"""


@dataclass(frozen=True, slots=True)
class IngestState:
    """``stored_at`` is when frames were last stored, None before the first; the counts are of all time."""

    stored_at: datetime | None = None
    frames_stored: int = 0
    frames_repeated: int = 0
    frames_refused: int = 0
    buckets_waiting: int = 0
    waiting_since: datetime | None = None


def ingest_state() -> IngestState:
    """What became of the frames, and which minutes and hours wait for their rollup."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [STREAM])
        row = cursor.fetchone()
    return IngestState() if row is None else IngestState(*row)
