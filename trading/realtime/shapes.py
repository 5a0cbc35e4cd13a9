"""The data of the stream's frames as types: what ``frames`` builds, and what the AsyncAPI document tells.

Contract   Fields are only ever added. Prices, quantities and cash are decimal strings, outcomes are slugs.
"""

from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

from common.json_schema import Also
from markets.types import EventKind, MarketStatus
from trading.types import FillKind, OrderStatus, OrderType, Side, TimeInForce

Price = Annotated[str, "Credits a share, four decimal places.", Also(examples=["0.6100"])]
Probability = Annotated[str, "Price of the outcome, six decimal places.", Also(examples=["0.623411"])]
Quantity = Annotated[str, "Shares.", Also(examples=["25.5"])]
Cash = Annotated[str, "Credits.", Also(examples=["15.5"])]
Moment = Annotated[str, "RFC 3339 in UTC with milliseconds.", Also(format="date-time")]
Slug = Annotated[str, "Slug of the outcome.", Also(examples=["yes"])]
Checksum = Annotated[int, "Of the whole book after this frame: XOR of the CRC-32 of one line a level."]
Level = tuple[Price, Quantity]
BookSide = Literal["bid", "ask"]
Interval = Literal["1m", "1h", "1d"]


class OutcomeBook(TypedDict):
    outcome: Slug
    bids: Annotated[list[Level], "Best price first."]
    asks: Annotated[list[Level], "Best price first."]


class BookSnapshot(TypedDict):
    """Everything that rests in the book at ``seq``."""

    books: list[OutcomeBook]
    checksum: Checksum


class BookChange(TypedDict):
    outcome: Slug
    side: BookSide
    price: Price
    change: Annotated[
        str, "Shares that came to rest at the price, negative for those that left.", Also(examples=["-5"])
    ]


class BookDelta(TypedDict):
    """What one journal record changed in the book; empty when nothing rests differently."""

    changes: list[BookChange]
    checksum: NotRequired[Checksum]


class Trade(TypedDict):
    """One fill of the record, as everybody may know it."""

    line: Annotated[int, "Number of the fill in its record, from 0."]
    outcome: Slug
    side: Annotated[Side, "The taker's."]
    price: Price
    quantity: Quantity
    cost: Cash
    kind: FillKind


class Ticker(TypedDict):
    """The market at a glance; several changes in a moment make one frame."""

    status: MarketStatus
    prices: Annotated[dict[str, Probability], "By outcome."]
    volume: Cash
    volume_24h: Cash
    trades: int
    traders: int
    last_trade_at: Moment | None


class Lifecycle(TypedDict):
    """What happened to the market itself."""

    event: EventKind
    data: dict[str, Any]


class Candle(TypedDict):
    """An interval as it stands now; its next change is another frame with the same ``starts_at``."""

    outcome: Slug
    interval: Interval
    starts_at: Moment
    open: Probability
    high: Probability
    low: Probability
    close: Probability
    volume: Cash
    trades: int


class OwnOrder(TypedDict):
    """One of your orders as the record left it."""

    id: int
    client_order_id: str
    outcome: Slug
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    status: OrderStatus
    price: Price | None
    trigger_price: Annotated[Price | None, "Of a stop: the price that lets it trade."]
    post_only: bool
    reduce_only: bool
    linked_order_id: Annotated[int | None, "The other order of a pair."]
    order_group_id: int | None
    quantity: Quantity
    filled: Quantity
    remaining: Quantity
    average_price: Annotated[str | None, "Credits a share, four to six decimal places; null: nothing filled."]
    cost: Cash
    fee: Cash


class OwnFill(TypedDict):
    """One fill of one of your orders, in the outcome that you asked for."""

    line: Annotated[int, "Number of the fill in its record, from 0."]
    order_id: int
    client_order_id: str
    outcome: Slug
    side: Side
    price: Price
    quantity: Quantity
    cost: Cash
    fee: Cash
    is_taker: bool


class OwnHolding(TypedDict):
    outcome: Slug
    quantity: Quantity
    held: Annotated[str, "Shares that open sell orders hold."]
    cost: Annotated[str, "Credits paid less received, fees included."]
    average_price: Price | None


class OwnPosition(TypedDict):
    """All that you own in the market now, every outcome that you ever had included; empty when you never had any."""

    holdings: list[OwnHolding]


NoticeCode = Literal[
    "order_cancelled", "market_halted", "market_resumed", "market_closed", "market_resolved", "market_voided",
    "market_settled",
    "settlement_undone",
]  # fmt: skip


class OwnNotice(TypedDict):
    """Something that you didn't do yourself, and that may need you."""

    code: NoticeCode
    detail: str
    order_id: NotRequired[int]
    client_order_id: NotRequired[str]


class Gap(TypedDict):
    """What you asked to resume isn't sent: it is more than 1,000 records, too old, or of another life of the site."""

    after_seq: Annotated[int, "The number that you named."]
    detail: str


ConnectionCode = Literal["live", "polling"]


class ConnectionNotice(TypedDict):
    """How soon frames come."""

    code: ConnectionCode
    detail: str


#: (channel, frame type, data) of everything that is numbered.
DATA_FRAMES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("book", "book.snapshot", BookSnapshot),
    ("book", "book.delta", BookDelta),
    ("trades", "trade", Trade),
    ("ticker", "ticker", Ticker),
    ("lifecycle", "lifecycle", Lifecycle),
    ("candles", "candle", Candle),
    ("orders", "order", OwnOrder),
    ("fills", "fill", OwnFill),
    ("positions", "position", OwnPosition),
    ("notices", "notice", OwnNotice),
)
CHANNELS: Final = tuple(dict.fromkeys(channel for channel, _, _ in DATA_FRAMES))
PRIVATE_CHANNELS: Final = frozenset({"orders", "fills", "positions", "notices"})
#: Channels that tell how things stand, read when something changed; the others tell every record.
STATE_CHANNELS: Final = ("ticker", "candles", "positions")
