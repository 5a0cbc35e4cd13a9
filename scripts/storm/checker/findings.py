"""What the checks found wrong, and what they counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

#: Further ones of the same code are counted only.
KEPT_MAX: Final = 10


@dataclass(slots=True)
class Findings:
    """``mistakes`` by a stable code such as ``order.lost``; ``counts`` by name."""

    mistakes: dict[str, list[str]] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    counts: dict[str, float] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.numbers

    def note(self, code: str, text: str) -> None:
        self.numbers[code] += 1
        kept = self.mistakes.setdefault(code, [])
        if len(kept) < KEPT_MAX:
            kept.append(text)

    def expect(self, is_right: bool, code: str, text: str) -> None:
        if not is_right:
            self.note(code, text)
