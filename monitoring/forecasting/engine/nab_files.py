"""Reads a folder in the layout of the Numenta Anomaly Benchmark from texts of its files.

Contract   Pure: takes the texts, gives rows. Timestamps of data and windows are made comparable.
Invariant  A result's file ``category/detector_name.csv`` belongs to the data file ``category/name.csv``.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

Windows = Mapping[str, Sequence[tuple[str, str]]]


def windows_of(document: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[tuple[str, str]]]:
    """The windows of a ``combined_windows.json`` with timestamps as the data has them."""
    return {name: [(plain_time(start), plain_time(end)) for start, end in found] for name, found in document.items()}


def plain_time(text: str) -> str:
    """``2014-04-01 00:00:00``, without the fraction that labels and some results carry."""
    return text.strip().partition(".")[0]


def epoch_of(text: str) -> float:
    """Seconds since 1970 of a timestamp, taken as UTC."""
    return datetime.fromisoformat(plain_time(text)).replace(tzinfo=UTC).timestamp()


def columns_of(text: str, names: Sequence[str]) -> list[list[str]]:
    """The named columns of a CSV text. KeyError: it has no such column."""
    rows = list(csv.DictReader(io.StringIO(text)))
    return [[row[name] for row in rows] for name in names]


def data_name_of(result: str, known: Iterable[str]) -> str | None:
    """The data file that a detector's result belongs to; None for totals and other files."""
    category, _, name = result.rpartition("/")
    candidates = {name[cut + 1 :] for cut, letter in enumerate(name) if letter == "_"} | {name}
    return next((data for data in known if data.rpartition("/")[::2] in {(category, end) for end in candidates}), None)
