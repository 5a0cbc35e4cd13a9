"""Rows of an export as the bytes of a file. Imported by workers only: it loads pyarrow."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from trading.selectors.journal_export import HEADER, ExportRow

_GROUP_ROWS: Final = 2_000
_SCHEMA: Final = pa.schema(
    [
        ("market_id", pa.int64()),
        ("seq", pa.int64()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("kind", pa.string()),
        ("actor_id", pa.int64()),
        ("data", pa.string()),
    ]
)


class ExportFile(Protocol):
    def write(self, row: ExportRow) -> None: ...

    def close(self) -> None: ...


class _CsvFile:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)

    def write(self, row: ExportRow) -> None:
        self._writer.writerow(row)

    def close(self) -> None:
        self._file.close()


class _JsonLinesFile:
    """An object a line, with the data as it was written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, row: ExportRow) -> None:
        self._file.write(orjson.dumps(row._asdict() | {"data": orjson.Fragment(row.data)}) + b"\n")

    def close(self) -> None:
        self._file.close()


class _ParquetFile:
    """Row groups of ``_GROUP_ROWS``, so that no more is in memory."""

    def __init__(self, path: Path) -> None:
        self._rows: list[ExportRow] = []
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="zstd")

    def write(self, row: ExportRow) -> None:
        self._rows.append(row)
        if len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.table(_columns(self._rows), schema=_SCHEMA))
            self._rows = []


def _columns(rows: Sequence[ExportRow]) -> dict[str, list[Any]]:
    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    return columns | {"at": [datetime.fromisoformat(row.at) for row in rows]}


#: What makes a file of each format, and what browsers are told that it is.
FILES: Final[dict[str, tuple[Callable[[Path], ExportFile], str]]] = {
    "csv": (_CsvFile, "text/csv"),
    "jsonl": (_JsonLinesFile, "application/x-ndjson"),
    "parquet": (_ParquetFile, "application/vnd.apache.parquet"),
}
