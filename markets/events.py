"""Facts about markets; ``seq`` is the journal record that holds them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarketChanged:
    """What every lifecycle fact carries. Only its subclasses are published."""

    market_id: int
    seq: int


class MarketCreated(MarketChanged):
    __slots__ = ()


class MarketOpened(MarketChanged):
    __slots__ = ()


class MarketHalted(MarketChanged):
    __slots__ = ()


class MarketResumed(MarketChanged):
    __slots__ = ()


class MarketLimitsChanged(MarketChanged):
    __slots__ = ()


class MarketClosed(MarketChanged):
    __slots__ = ()


class ResolutionProposed(MarketChanged):
    __slots__ = ()


class ResolutionDisputed(MarketChanged):
    __slots__ = ()


class MarketResolved(MarketChanged):
    __slots__ = ()


class MarketVoided(MarketChanged):
    __slots__ = ()


class VoteCast(MarketChanged):
    __slots__ = ()


class StaffCalled(MarketChanged):
    """What should have named the result can't; staff propose it."""

    __slots__ = ()


class MarketReopened(MarketChanged):
    """Its settlement was undone; it needs a result again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CommentPosted:
    comment_id: int
    market_id: int


@dataclass(frozen=True, slots=True)
class CommentVisibilityChanged:
    """The text was deleted or hidden, or is shown again."""

    comment_id: int
    market_id: int
