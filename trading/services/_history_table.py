"""Rows of one CSV file with the line each began on, and everything that is wrong with the file as such."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

Value = TypeVar("Value")
_FIELD_LENGTH_MAX: Final = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One reason why nothing of a folder is loaded; ``line`` counts from 1, the header included."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(slots=True)
class Row:
    """One record. ``read`` notes a mistake instead of raising, so that all of them are found in one pass."""

    line: int
    values: dict[str, str]
    reasons: list[str] = field(default_factory=list)

    def get(self, column: str) -> str:
        return self.values.get(column, "")

    def read(self, column: str, parse: Callable[[str], Value], default: Value) -> Value:
        try:
            return parse(self.get(column))
        except ValueError as error:
            self.reasons.append(f"{column} {error}")
            return default

    def read_optional(self, column: str, parse: Callable[[str], Value], default: Value) -> Value:
        return self.read(column, parse, default) if self.get(column) else default


def read_table(path: Path, required: tuple[str, ...], mistakes: list[Mistake]) -> list[Row]:
    """The rows of ``path`` that have the shape of its header; the others are added to ``mistakes``."""
    text = _decoded(path, mistakes)
    if text is None:
        return []
    rows: list[Row] = []
    header: list[str] | None = None
    for line, fields, problem in _records(text):
        if problem:
            mistakes.append(Mistake(str(path), line, problem))
        elif header is None:
            header = [name.strip() for name in fields]
            if header_problem := _header_problem(header, required):
                mistakes.append(Mistake(str(path), line, header_problem))
                return []
        elif len(fields) != len(header):
            reason = f"has {len(fields)} fields where the header has {len(header)}"
            mistakes.append(Mistake(str(path), line, reason))
        else:
            rows.append(Row(line, dict(zip(header, (value.strip() for value in fields), strict=True))))
    if header is None and not mistakes:
        mistakes.append(Mistake(str(path), 1, "is empty; a header line is expected"))
    return rows


def note(path: Path, row: Row, mistakes: list[Mistake]) -> bool:
    """Move the row's reasons to ``mistakes``; whether there were any."""
    mistakes.extend(Mistake(str(path), row.line, reason) for reason in row.reasons)
    return bool(row.reasons)


def _decoded(path: Path, mistakes: list[Mistake]) -> str | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        mistakes.append(Mistake(str(path), 1, f"can't be read: {error.strerror}"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mistakes.append(Mistake(str(path), line, f"byte {data[error.start]:#04x} is not UTF-8"))
        return None
    # Old line ends alone would make the whole file one line.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, fields, problem); after a broken quote the rest of the file can't be trusted, so it ends there."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], f"is not CSV: {error}"
            return
        if any(len(value) > _FIELD_LENGTH_MAX for value in fields):
            yield line, [], f"has a field longer than {_FIELD_LENGTH_MAX} characters; is a quote missing?"
        elif any("\0" in value for value in fields):
            yield line, [], "holds a NUL character"
        elif fields:
            yield line, fields, ""


def _header_problem(header: list[str], required: tuple[str, ...]) -> str:
    missing = [name for name in required if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing:
        return f"has no column {', '.join(missing)}"
    return f"names {', '.join(twice)} more than once" if twice else ""
