"""How many lines a second about what goes well."""


class Budget:
    """So many lines a second; the others are counted. Two threads may let one more through."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._second = 0
        self._left = 0
        self.skipped = 0

    def admits(self, moment: float) -> bool:
        if int(moment) != self._second:
            self._second, self._left = int(moment), self._per_second
        if self._left <= 0:
            self.skipped += 1
            return False
        self._left -= 1
        return True
