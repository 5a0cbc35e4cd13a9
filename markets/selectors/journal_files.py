"""Records in the files of the archive.

Format     A file is a row of gzip members, each ``MEMBER_RECORDS`` lines of JSON: [seq, kind, at, actor, data], with
           the data exactly as it stands in the table. So ``zcat`` shows a whole file, and a reader who knows where a
           member begins reads only that one. The CRC of gzip guards each member, SHA-256 the file.
"""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson
from django.conf import settings

from markets.errors import JournalNotKept
from markets.models import JournalFile

MEMBER_RECORDS: Final = 500
#: (seq, kind, at, actor id, data as text)
Row = tuple[int, str, datetime, int | None, str]


def archive_dir() -> Path:
    return Path(settings.JOURNAL_ARCHIVE_DIR)


def line_of(row: Row) -> bytes:
    """A record as a line; ``data`` is last, so that it is found again as it was."""
    seq, kind, at, actor_id, data = row
    head = orjson.dumps([seq, kind, at.isoformat(), actor_id])
    return head[:-1] + b"," + data.encode() + b"]\n"


def row_of(line: bytes) -> Row:
    seq, kind, at, actor_id, _ = orjson.loads(line)
    # The data is what follows the fourth comma; none of the four values before it has one inside.
    data = line.split(b",", 4)[4][:-1]
    return seq, kind, datetime.fromisoformat(at), actor_id, data.decode()


def archived_records(file: JournalFile, *, after_seq: int, upto_seq: int) -> Iterator[Row]:
    """The records of ``file`` in this range, in order.

    Raises: JournalNotKept if the file isn't there, or isn't what was written
    """
    for first, offset, size in _members_from(file, after_seq):
        if first > upto_seq:
            return
        for line in _member(file, offset, size):
            row = row_of(line)
            if row[0] > upto_seq:
                return
            if row[0] > after_seq:
                yield row


def _members_from(file: JournalFile, after_seq: int) -> list[list[int]]:
    """The members from the one on that holds the record right after ``after_seq``."""
    members: list[list[int]] = file.members
    starts = [number for number, (first, _, _) in enumerate(members) if first <= after_seq + 1]
    return members[max(starts, default=0) :]


def _member(file: JournalFile, offset: int, size: int) -> list[bytes]:
    try:
        with (archive_dir() / file.path).open("rb") as source:
            source.seek(offset)
            return zlib.decompress(source.read(size), wbits=31).split(b"\n")[:-1]
    except (OSError, zlib.error) as problem:
        raise JournalNotKept(
            f"The records {file.first_seq} to {file.last_seq} of market {file.market_id} are in a file of the archive "
            "that can't be read."
        ) from problem


def sha256_of(path: Path) -> str:
    """Raises: OSError"""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def broken_files() -> Iterator[JournalFile]:
    """Files that aren't there, or whose checksum isn't that of what was written."""
    for file in JournalFile.objects.order_by("id").iterator():
        path = archive_dir() / file.path
        if not path.is_file() or sha256_of(path) != file.sha256:
            yield file
