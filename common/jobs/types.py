"""Words of jobs, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file that a job made inside the folder that it was given."""

    path: Path
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class JobResult:
    """What an owner gets: a small JSON-ready ``document``, and perhaps a file to download."""

    document: dict[str, Any] = field(default_factory=dict)
    file: JobFile | None = None


class Run(Protocol):
    """One attempt, as the work sees it."""

    @property
    def job_id(self) -> int: ...

    @property
    def owner_id(self) -> int | None: ...

    @property
    def arguments(self) -> dict[str, Any]: ...

    def progress(self, done: int, total: int | None = None, words: str = "") -> None:
        """Say how far it is. Raises ``RunStopped`` when the work must end: cancelled, or the lease has gone."""
        ...

    def new_file(self, suffix: str) -> Path:
        """A path for a file of this attempt only."""
        ...


Work = Callable[[Run], JobResult | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """What a kind of job is.

    ``work`` runs inside one transaction with the note that it has ended, so that what it writes to the database is
    written exactly once; ``is_atomic=False`` is for work that commits by itself and may run twice.
    """

    name: str
    title: str
    work: Work
    is_atomic: bool = True
    failures_max: int = 3
    losses_max: int = 5
    backoff_s: float = 5.0
    backoff_max_s: float = 3_600.0
    lease_s: float = 30.0
    #: The lease is renewed no longer than this, so that work that hangs is lost and tried again.
    run_s_max: float = 3_600.0
    #: Run by the clock, once each so many seconds, when set.
    every_s: int | None = None
    #: Jobs of this kind that one owner may have waiting or running.
    open_max: int = 5
    #: Files of this kind that are kept for one owner; the oldest go first.
    files_max: int = 5
    keep_days: int = 7
