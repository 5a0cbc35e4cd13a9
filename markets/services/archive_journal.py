"""Move old journal records from their table into files.

Steps      1 write a file beside its name, force it to the disk, give it its name; 2 note it; 3 read it again and
           compare every record with the table, note that; 4 drop the rows, a few thousand at a time; 5 note that.
Contract   Each step is kept before the next begins and may be repeated, so whoever is killed loses nothing and the next
           run goes on where it stopped. PostgreSQL refuses to delete a row that no verified file holds.
Bound      ``FILE_RECORDS`` records a file, one member of it in memory. No row of an active market is locked.
"""

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from common import clock
from markets.models import JournalFile
from markets.selectors.journal_files import MEMBER_RECORDS, Row, archive_dir, archived_records, line_of, sha256_of

FILE_RECORDS: Final = 100_000
_DROP_ROWS: Final = 5_000
#: How far the files of each market reach and, of those whose next record is old, what that record is. The journal's
#: times go up with its numbers, but for the clocks of several machines; whatever follows a young record stays.
_OLD_MARKETS: Final = """
SELECT h.market_id, COALESCE(f.last_seq, 0)
FROM markets_markethead h
LEFT JOIN LATERAL (SELECT last_seq FROM markets_journalfile WHERE market_id = h.market_id
                   ORDER BY first_seq DESC LIMIT 1) f ON TRUE
JOIN markets_marketevent e ON e.market_id = h.market_id AND e.seq = COALESCE(f.last_seq, 0) + 1
WHERE e.at < %s ORDER BY h.market_id
"""
_ROWS: Final = """
SELECT seq, kind, at, actor_id, data::text FROM markets_marketevent
WHERE market_id = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s
"""
Progress = Callable[[int], None]


@dataclass(slots=True)
class ArchiveReport:
    files: int = 0
    records: int = 0
    bytes: int = 0
    rewritten: list[str] = field(default_factory=list)


def archive_journal(*, days: int | None = None, on_progress: Progress = lambda _: None) -> ArchiveReport:
    """Archive every record older than ``days`` (``JOURNAL_KEEP_DAYS``), and finish what an earlier run began.

    Commits by itself, step by step.
    """
    assert not connection.in_atomic_block, "each step has to be kept before the next one begins"
    report = ArchiveReport()
    for file in JournalFile.objects.filter(dropped_at=None).order_by("id"):
        _finish(file, report, on_progress)
    before = clock.now() - timedelta(days=settings.JOURNAL_KEEP_DAYS if days is None else days)
    with connection.cursor() as cursor:
        cursor.execute(_OLD_MARKETS, [before])
        markets = cursor.fetchall()
    for market_id, last_seq in markets:
        for file in _new_files(market_id, last_seq, before):
            _finish(file, report, on_progress)
    return report


def _new_files(market_id: int, last_seq: int, before: datetime) -> Iterator[JournalFile]:
    while (file := _write(market_id, last_seq, before)) is not None:
        yield file
        last_seq = file.last_seq


def _write(market_id: int, after: int, before: datetime) -> JournalFile | None:
    """The next file of a market, written and noted; ``None`` when nothing more is old."""
    rows = islice(_old_rows(market_id, after, before), FILE_RECORDS)
    first = next(rows, None)
    if first is None:
        return None
    path = _path_of(market_id, first[0])
    part = path.with_suffix(".part")
    file = JournalFile(market_id=market_id, first_seq=first[0], first_at=first[2])
    _write_members(file, part, first, rows)
    file.sha256, file.bytes = sha256_of(part), part.stat().st_size
    os.replace(part, path)
    _force(path.parent)
    file.path, file.written_at = str(path.relative_to(archive_dir())), clock.now()
    file.save(force_insert=True)
    return file


def _write_members(file: JournalFile, part: Path, first: Row, rows: Iterator[Row]) -> None:
    with part.open("wb") as target:
        batch = [first, *islice(rows, MEMBER_RECORDS - 1)]
        while batch:
            packer = zlib.compressobj(level=6, wbits=31)
            packed = packer.compress(b"".join(map(line_of, batch))) + packer.flush()
            file.members.append([batch[0][0], target.tell(), len(packed)])
            target.write(packed)
            file.last_seq, file.last_at = batch[-1][0], batch[-1][2]
            batch = list(islice(rows, MEMBER_RECORDS))
        target.flush()
        os.fsync(target.fileno())


def _path_of(market_id: int, first_seq: int) -> Path:
    folder = archive_dir() / f"{market_id % 1_000:03d}" / str(market_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"journal-{market_id}-{first_seq:012d}.jsonl.gz"


def _force(folder: Path) -> None:
    """A new name is on the disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _old_rows(market_id: int, after: int, before: datetime) -> Iterator[Row]:
    for row in _table_rows(market_id, after, 2**63 - 1):
        if row[2] >= before:
            return
        yield row


def _table_rows(market_id: int, after: int, upto: int) -> Iterator[Row]:
    """Rows of the table that follow each other without a gap."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [market_id, after, min(upto, after + MEMBER_RECORDS), MEMBER_RECORDS])
            rows = cursor.fetchall()
        for row in rows:
            if row[0] != after + 1:
                return
            yield row
            after = row[0]
        if len(rows) < MEMBER_RECORDS:
            return


def _finish(file: JournalFile, report: ArchiveReport, on_progress: Progress) -> None:
    """Verify a file that was noted, and drop its rows. One that isn't what it should be is written again."""
    if file.verified_at is None and not _verify(file):
        report.rewritten.append(file.path)
        file.delete()
        return
    _drop(file, report, on_progress)
    file.dropped_at = clock.now()
    file.save(update_fields=["dropped_at"])
    report.files += 1
    report.records += file.last_seq - file.first_seq + 1
    report.bytes += file.bytes
    on_progress(report.records)


def _verify(file: JournalFile) -> bool:
    """Whether the file on the disk holds exactly what the table holds."""
    path = archive_dir() / file.path
    if not path.is_file() or sha256_of(path) != file.sha256:
        return False
    kept = _table_rows(file.market_id, file.first_seq - 1, file.last_seq)
    found = archived_records(file, after_seq=file.first_seq - 1, upto_seq=file.last_seq)
    count = 0
    for ours, theirs in zip(kept, found, strict=False):
        if ours != theirs:
            return False
        count += 1
    if count != file.last_seq - file.first_seq + 1:
        return False
    file.verified_at = clock.now()
    file.save(update_fields=["verified_at"])
    return True


def _drop(file: JournalFile, report: ArchiveReport, on_progress: Progress) -> None:
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT markets_drop_archived(%s, %s)", [file.pk, _DROP_ROWS])
            (count,) = cursor.fetchone()
        on_progress(report.records)
        if not count:
            return
