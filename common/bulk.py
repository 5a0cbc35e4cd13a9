"""Work on many rows in a few statements, and tell of each row that failed.

Contract   Rows go to the database in chunks. One that is refused is found by halving, so a bad row among 1,000 costs
           about 20 statements more, not 1,000. ``Mode.ALL`` keeps everything or nothing, ``Mode.GOOD`` keeps what
           is good; ``is_dry_run`` keeps nothing and tells what would happen. Rows whose client key is known are
           repeats: left alone and counted.
Refusals   ``RowRefusedError``, ``DomainError``, ``ValidationError`` and what the database refuses of a row. Anything
           else is raised, and nothing is kept.
Bound      After ``FAILURES_MAX`` failures the rest stays untried and is counted so; in ``Mode.ALL`` nothing is kept
           then anyway.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from common.errors import DomainError

CHUNK: Final = 1_000
FAILURES_MAX: Final = 100
#: By SQLSTATE: a code of ours and what to do.
_CODES: Final = {
    "23505": ("bulk.duplicate", "Another row has the same value where it must be unique."),
    "23503": ("bulk.unknown_reference", "It refers to a row that doesn't exist."),
    "23502": ("bulk.missing", "A value is missing."),
    "23514": ("bulk.not_allowed", "A value breaks a rule of the table."),
    "22001": ("bulk.too_long", "A text is longer than its column."),
    "22003": ("bulk.out_of_range", "A number is larger than its column holds."),
}
_OTHER: Final = ("bulk.refused", "The database refused the row.")

Row = TypeVar("Row")


class RowRefusedError(Exception):
    """For ``work``: the row can't be taken."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


REFUSALS: Final = (RowRefusedError, DomainError, ValidationError, IntegrityError, DataError)


class Mode(Enum):
    ALL = "all"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class RowFailure:
    """``index`` counts from 0 in what was given; ``code`` is stable, ``detail`` says what is wrong."""

    index: int
    code: str
    detail: str
    key: Hashable = None


@dataclass(frozen=True, slots=True)
class BulkReport:
    """``done`` rows were accepted; they are stored only if ``is_kept``."""

    total: int
    done: int
    repeats: int
    untried: int
    failures: tuple[RowFailure, ...]
    is_kept: bool


@dataclass(frozen=True, slots=True)
class BulkOptions(Generic[Row]):
    """``key`` gives the client key of a row, ``known_keys`` which of some keys are stored already. ``progress`` is
    told how many rows are behind us."""

    mode: Mode = Mode.ALL
    is_dry_run: bool = False
    chunk: int = CHUNK
    failures_max: int = FAILURES_MAX
    key: Callable[[Row], Hashable] | None = None
    known_keys: Callable[[Sequence[Any]], set[Any]] | None = None
    progress: Callable[[int], None] | None = None


def process_rows(
    rows: Sequence[Row], work: Callable[[Sequence[Row]], object], options: BulkOptions[Row] | None = None
) -> BulkReport:
    """Have ``work`` done on all ``rows``, some at a time, in one transaction.

    ``work`` may be called again with a part of the same rows, after everything that it did to the database was
    undone; so it must do nothing else.
    """
    run = _Run(rows, work, options or BulkOptions())
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A reference that is checked at the commit only would take all rows down with one.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run.go()
        report = run.report()
        if not report.is_kept:
            transaction.set_rollback(True)
    return report


@dataclass(slots=True)
class _Run(Generic[Row]):
    rows: Sequence[Row]
    work: Callable[[Sequence[Row]], object]
    options: BulkOptions[Row]
    done: int = 0
    repeats: int = 0
    failures: list[RowFailure] = field(default_factory=list)
    _seen: set[Hashable] = field(default_factory=set)

    def go(self) -> None:
        for start in range(0, len(self.rows), self.options.chunk):
            if self._is_over:
                return
            indexes = list(range(start, min(start + self.options.chunk, len(self.rows))))
            self._halve(self._new(indexes))
            if self.options.progress is not None:
                self.options.progress(indexes[-1] + 1)

    def report(self) -> BulkReport:
        total = len(self.rows)
        untried = total - self.done - self.repeats - len(self.failures)
        is_whole = self.options.mode is Mode.GOOD or not self.failures
        is_kept = is_whole and not self.options.is_dry_run
        return BulkReport(total, self.done, self.repeats, untried, tuple(self.failures), is_kept)

    @property
    def _is_over(self) -> bool:
        return len(self.failures) >= self.options.failures_max

    def _new(self, indexes: list[int]) -> list[int]:
        """Those whose client key is neither stored nor among the rows before."""
        key, known_keys = self.options.key, self.options.known_keys
        if key is None:
            return indexes
        keys = {index: key(self.rows[index]) for index in indexes}
        stored = known_keys(list(keys.values())) if known_keys is not None else set()
        new = []
        for index, its_key in keys.items():
            if its_key in stored or its_key in self._seen:
                self.repeats += 1
            else:
                self._seen.add(its_key)
                new.append(index)
        return new

    def _halve(self, indexes: list[int]) -> None:
        if not indexes or self._is_over:
            return
        refusal = self._refusal(indexes)
        if refusal is None:
            self.done += len(indexes)
        elif len(indexes) == 1:
            self._failed(indexes[0], refusal)
        else:
            middle = len(indexes) // 2
            self._halve(indexes[:middle])
            self._halve(indexes[middle:])

    def _refusal(self, indexes: list[int]) -> Exception | None:
        try:
            with transaction.atomic():
                self.work([self.rows[index] for index in indexes])
        except REFUSALS as refusal:
            return refusal
        return None

    def _failed(self, index: int, refusal: Exception) -> None:
        key = self.options.key(self.rows[index]) if self.options.key is not None else None
        if key is not None and self.options.known_keys is not None and key in self.options.known_keys([key]):
            # Somebody else stored it since we looked.
            self.repeats += 1
            return
        self.failures.append(RowFailure(index, *reason(refusal), key))


def reason(refusal: Exception) -> tuple[str, str]:
    """Code and detail of what was refused; the database's own words may hold other rows' values and stay here."""
    if isinstance(refusal, DomainError | RowRefusedError):
        return refusal.code, refusal.detail
    if isinstance(refusal, ValidationError):
        return "bulk.invalid", " ".join(refusal.messages)
    cause = refusal.__cause__
    code, detail = _CODES.get(getattr(cause, "sqlstate", None) or "", _OTHER)
    diagnosis = getattr(cause, "diag", None)
    place = getattr(diagnosis, "column_name", None) or getattr(diagnosis, "constraint_name", None)
    return code, f"{detail} ({place})" if place else detail
