"""Every feature flag: what it opens, who answers for it, and how it stands when nobody has switched it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FlagSpec:
    """``owner`` is the app that reads it."""

    name: str
    is_on: bool
    owner: str
    meaning: str


SIGN_UP_OPEN: Final = FlagSpec("sign_up_open", True, "accounts", "Newcomers can make an account.")
EXPORTS_OPEN: Final = FlagSpec("exports_open", True, "trading", "Traders can start exports in the background.")
COMPACT_ANSWERS: Final = FlagSpec(
    "compact_answers",
    False,
    "trading",
    "Answers to orders take a third of the space; programs of the first version can't read them.",
)

FLAGS: Final = {spec.name: spec for spec in (SIGN_UP_OPEN, EXPORTS_OPEN, COMPACT_ANSWERS)}
