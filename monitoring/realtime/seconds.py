"""Frames of all processes, put together by the second.

Contract   ``take(second)`` gives what was heard of that second and the newest frame about the site, and closes it: a
           frame that comes later is left to the store. Each second is taken once, in order.
Bound      Seconds that are neither taken nor closed are dropped ``WAITING_MAX`` later.
"""

from collections import defaultdict
from typing import Final

from monitoring.types import SITE_HOLD_S, Frame, Role

WAITING_MAX: Final = 5


class Seconds:
    def __init__(self) -> None:
        self.taken = 0
        self.late = 0
        self._waiting: dict[int, dict[str, Frame]] = defaultdict(dict)
        self._site: Frame | None = None
        self._expected: frozenset[str] = frozenset()

    def hear(self, frame: Frame) -> None:
        if frame.role is Role.SITE:
            self._site = frame
        elif frame.at <= self.taken:
            self.late += 1
        else:
            self._waiting[frame.at][frame.process] = frame

    def is_whole(self, second: int) -> bool:
        """Whether everybody who told of the second before has told of this one."""
        heard = self._waiting.get(second)
        return heard is not None and self._expected <= heard.keys()

    def take(self, second: int) -> list[Frame]:
        """The frames of the second; empty when nobody told."""
        self.taken = second
        heard = self._waiting.pop(second, {})
        if heard:
            self._expected = frozenset(heard)
        for old in [at for at in self._waiting if at <= second or at > second + WAITING_MAX]:
            del self._waiting[old]
        is_fresh = self._site is not None and 0 <= second - self._site.at <= SITE_HOLD_S
        site = [self._site] if heard and is_fresh and self._site is not None else []
        return [*heard.values(), *site]
