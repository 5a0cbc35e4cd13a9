"""How much of what a rule told was not worth telling.

Contract   0 (every alert lasted or was acted upon) to 1 (none did). An alert is noise when it ended within ``SHORT_S``
           without anybody having acknowledged it. One that still fires is none.
"""

from collections.abc import Sequence
from typing import Final

SHORT_S: Final = 300.0


def noise_score(durations: Sequence[float | None], acknowledged: Sequence[bool] = ()) -> float | None:
    """None when there was no alert. ``acknowledged`` belongs to ``durations``; left out, nobody did."""
    if not durations:
        return None
    acted = acknowledged or [False] * len(durations)
    noisy = [
        duration is not None and duration < SHORT_S and not was_acted
        for duration, was_acted in zip(durations, acted, strict=True)
    ]
    return sum(noisy) / len(noisy)
