"""How long a cached answer is good, and for whom."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from common.tuning.reading import tuned

TTL_DEFAULT_S: Final = 60.0
SPAN_MAX_S: Final = 7 * 86_400.0
Tags = Sequence[str] | Callable[..., Sequence[str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """``ttl_s`` fresh (None: the setting ``CACHE_TTL``), less up to the share ``jitter`` so that what was made
    together doesn't end together; then ``stale_s`` more in which it is served while one caller renews it.
    ``negative_s``: how long the answer ``None`` is kept; ``None`` isn't kept at all without it.
    ``wait_s``: how long a caller waits for another's computation before it computes by itself. What was tuned for
    the function ``name`` counts instead of ``ttl_s``."""

    ttl_s: float | None = None
    stale_s: float = 0.0
    jitter: float = 0.1
    negative_s: float | None = None
    wait_s: float = 10.0
    tags: Tags = ()
    version: int = 1
    name: str = ""

    def __post_init__(self) -> None:
        assert (self.ttl_s or 0) + self.stale_s <= SPAN_MAX_S, "the marks of tags don't live longer"
        assert 0 <= self.jitter < 1

    def spans(self, value: object) -> tuple[float, float] | None:
        """Seconds that ``value`` is fresh and then stale; ``None`` when it isn't kept."""
        if value is None:
            return None if self.negative_s is None else (self._jittered(self.negative_s), 0.0)
        ttl_s = self.fresh_s()
        return (self._jittered(ttl_s), self.stale_s) if ttl_s > 0 else None

    def fresh_s(self) -> float:
        """The time to live that counts now."""
        ttl_s = self.ttl_s
        if ttl_s is None:
            ttl_s = float(getattr(settings, "CACHE_TTL", TTL_DEFAULT_S))
        return tuned(f"cache_ttl_s:{self.name}", ttl_s)

    def tags_of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, ...]:
        return tuple(self.tags(*args, **kwargs) if callable(self.tags) else self.tags)

    def _jittered(self, span_s: float) -> float:
        return span_s * (1 - self.jitter * random.random())
