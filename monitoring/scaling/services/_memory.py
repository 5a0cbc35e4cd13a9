"""The memory of windows and rates as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitoring.scaling.types import Memory, Moment

_NAMES = ("recommendations", "outs", "ins")


def memory_document(memory: Memory, *, misses: int) -> dict[str, Any]:
    return {name: _pairs(getattr(memory, name)) for name in _NAMES} | {"misses": misses}


def memory_of(document: Mapping[str, Any]) -> tuple[Memory, int]:
    """The memory, and how many rounds in a row had no metric."""
    lists = [tuple(Moment(at, count) for at, count in document.get(name, ())) for name in _NAMES]
    return Memory(*lists), int(document.get("misses", 0))


def _pairs(moments: Sequence[Moment]) -> list[list[float]]:
    return [[moment.at, moment.count] for moment in moments]
