"""What a run has seen, and what of it is wrong."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    figures: dict[str, Any] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def expect(self, is_so: bool, mistake: str) -> None:
        if not is_so:
            self.mistakes.append(mistake)

    def longest(self, name: str, seconds: float) -> None:
        self.figures[name] = max(round(seconds, 1), self.figures.get(name, 0.0))

    def tell(self) -> None:
        for name, value in self.figures.items():
            say(f"  {name:60} {value:>16}")
        say("\n".join(f"WRONG {mistake}" for mistake in self.mistakes) or "Nothing failed.")
        say(f"{time.monotonic() - self.began:.0f} s")


def say(text: str) -> None:
    print(text, flush=True)
