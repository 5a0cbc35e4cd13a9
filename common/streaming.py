"""Long answers in short pieces: rows in chunks, CSV as it is read.

Contract   ``keyset_chunks`` asks for a chunk at a time, each a short statement that goes on after the last key; right
           for requests, because no transaction waits for a slow reader. ``cursor_chunks`` reads one snapshot through
           a cursor of the server; right for background jobs.
           ``csv_response`` sends rows as they come; nothing but one piece is in memory.
Safety     A text that a spreadsheet would run as a formula gets an apostrophe in front.
Bound      ``STREAMS_MAX`` downloads at once in a process, since each keeps a thread as long as its reader reads.
"""

import csv
import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from common.errors import DomainError

CHUNK: Final = 2_000
PIECE_BYTES: Final = 64 * 1024
STREAMS_MAX: Final = 4
RETRY_S: Final = 10
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)

Row = TypeVar("Row")
Key = TypeVar("Key")


def keyset_chunks(
    page: Callable[[Key, int], Sequence[Row]], *, start: Key, key: Callable[[Row], Key], size: int = CHUNK
) -> Iterator[Sequence[Row]]:
    """Chunks of ``page(after, size)``, which answers the ``size`` rows that follow ``after``."""
    after = start
    while rows := page(after, size):
        yield rows
        if len(rows) < size:
            return
        after = key(rows[-1])


def cursor_chunks(
    statement: str, parameters: Mapping[str, Any] | None = None, *, size: int = CHUNK
) -> Iterator[list[tuple[Any, ...]]]:
    """Chunks of one snapshot; a transaction is open until the last one is read."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(size):
            yield rows


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The bytes of a CSV file (RFC 4180, UTF-8), about ``PIECE_BYTES`` at a time."""
    # The writer holds its buffer, so all pieces share one; a new one a piece is as quick (docs/platform.md).
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) if type(cell) is str else cell for cell in row])
        if buffer.tell() >= PIECE_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def harmless(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula; numbers stay what they are."""
    if text.startswith(_RUNS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_response(
    request: HttpRequest, *, name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[object]]]
) -> HttpResponseBase:
    """A download of ``rows()``, asked once there is a place for it; 503 when enough downloads are under way."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if not _places.acquire(blocking=False):
        text = "Too many downloads at once. Try again in a moment.\n"
        busy = {"Retry-After": str(RETRY_S), "Cache-Control": "no-store"}
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers=busy)
    try:
        pieces = csv_pieces(header, rows())
    except DomainError:
        _places.release()
        raise
    return StreamingHttpResponse(_Download(pieces), headers=headers)


class _Download:
    """The pieces, and the place that is given back even if nobody reads them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._is_open = True

    def __iter__(self) -> "_Download":
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            _places.release()
        if hasattr(self._pieces, "close"):
            self._pieces.close()


_places: Final = threading.BoundedSemaphore(STREAMS_MAX)
