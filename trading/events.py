"""Facts about trading; ids and integers only."""

from dataclasses import dataclass

#: Records with the ``traceparent`` that each belongs to; empty unless traces are collected.
Traces = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class JournalAdvanced:
    """A market's journal now reaches ``seq``."""

    market_id: int
    seq: int
    traces: Traces = ()


@dataclass(frozen=True, slots=True)
class GroupTripped:
    """The fuse of an order group has blown; what is left of the group has to go."""

    group_id: int


@dataclass(frozen=True, slots=True)
class SettlementUndone:
    """What was paid has been taken back; ``seq`` is the journal record that says so."""

    market_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class MarketSettled:
    """Every position of the market has been paid; ``seq`` is the journal record that says so."""

    market_id: int
    seq: int
