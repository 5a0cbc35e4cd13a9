"""Whether a load repeats itself so well that the same time of earlier periods tells it.

Contract   ``observe`` takes the load of now and that of one period ago. ``explained`` is the share of the load's
           movement around its level of late that the period before told; 0 until half a period was compared.
Why        The level follows the load, so that one which only grows isn't taken for one that repeats itself.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Season:
    period: int
    level: float | None = None
    compared: int = 0
    errors: float = 0.0
    moves: float = 0.0

    def observe(self, load: float, before: float | None) -> None:
        """``before`` is None while there was no period before."""
        self.level = load if self.level is None else self.level + (load - self.level) / self.period
        if before is None:
            return
        kept = 1.0 - 1.0 / (2.0 * self.period)
        self.compared += 1
        # The noise of both is in their difference.
        self.errors = self.errors * kept + (load - before) ** 2 / 2.0
        self.moves = self.moves * kept + (load - self.level) ** 2

    @property
    def explained(self) -> float:
        is_known = self.compared >= self.period // 2 and self.moves > 0
        return max(1.0 - self.errors / self.moves, 0.0) if is_known else 0.0
