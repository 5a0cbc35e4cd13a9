"""Facts about feature flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagSwitched:
    name: str
