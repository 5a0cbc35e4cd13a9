"""Every kind of job that this program knows. Apps declare theirs in ``<app>/jobs.py``, imported at the start."""

from collections.abc import Iterable

from common.jobs.types import JobKind

_kinds: dict[str, JobKind] = {}


def declare(kind: JobKind) -> JobKind:
    """Make ``kind`` known; a name belongs to one kind."""
    assert _kinds.get(kind.name, kind) == kind, f"{kind.name} is declared twice"
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> JobKind | None:
    """``None`` for the kind of an older or newer program."""
    return _kinds.get(name)


def known_kinds() -> Iterable[JobKind]:
    return tuple(_kinds.values())


def title_of(name: str) -> str:
    kind = _kinds.get(name)
    return kind.title if kind else name.replace("_", " ")
