"""Words of markets, as plain values."""

from enum import StrEnum


class MarketKind(StrEnum):
    BINARY = "binary"
    CATEGORICAL = "categorical"


class MarketStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    HALTED = "halted"
    CLOSED = "closed"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    RESOLVED = "resolved"
    VOID = "void"


class EventKind(StrEnum):
    """Kinds of journal records. Lifecycle kinds are written by ``markets``, the others by ``trading``."""

    CREATED = "created"
    OPENED = "opened"
    HALTED = "halted"
    RESUMED = "resumed"
    CLOSED = "closed"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    RESOLVED = "resolved"
    VOIDED = "voided"
    LIQUIDITY_ADDED = "liquidity_added"
    ORDER_PLACED = "order_placed"
    ORDER_CANCELLED = "order_cancelled"
    SETS_MINTED = "sets_minted"
    SETS_MERGED = "sets_merged"
    SETTLED = "settled"
