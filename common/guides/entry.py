"""What a code means and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    cause: str
    fix: str
