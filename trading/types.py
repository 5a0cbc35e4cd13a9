"""Words of trading, as plain values: no Django, no clock.

Two views of one order. *Asked*: the outcome and side that the trader named. *Booked*: the side of
the one book it belongs to. In a binary market an order on outcome 1 ("no") is mirrored into the
book of outcome 0 at ``10_000 - price``; in a categorical market both views are the same.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

#: Parties of a market that aren't traders; traders are positive user ids.
MAKER: Final = -1
COLLATERAL: Final = -2
FEES: Final = -3


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    # Levels are found by side, and Enum's own hash is a Python function.
    __hash__ = str.__hash__

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    LIMIT = "limit"
    MARKET = "market"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"


class TimeInForce(StrEnum):
    GTC = "gtc"
    GTD = "gtd"
    IOC = "ioc"
    FOK = "fok"


#: What doesn't fill at once may rest.
RESTING: Final = frozenset((TimeInForce.GTC, TimeInForce.GTD))


class OrderStatus(StrEnum):
    """``WAITING``: a stop whose price hasn't come. ``TRIGGERED``: it has, and the next command lets it trade."""

    WAITING = "waiting"
    TRIGGERED = "triggered"
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"


class SelfTradePolicy(StrEnum):
    """Who gives way when a trader would trade with their own resting order."""

    CANCEL_NEWEST = "cancel_newest"
    CANCEL_OLDEST = "cancel_oldest"


class FillKind(StrEnum):
    """How the shares came about; ``RULE`` is a trade with the maker rule."""

    TRANSFER = "transfer"
    MINT = "mint"
    MERGE = "merge"
    RULE = "rule"


#: Of orders that can still trade, so that they hold what they may have to give.
ALIVE: Final = (OrderStatus.OPEN, OrderStatus.WAITING, OrderStatus.TRIGGERED)
#: Those that are in no book yet.
UNFIRED: Final = (OrderStatus.WAITING, OrderStatus.TRIGGERED)


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties an order to something else; few orders have any.

    ``trigger_price``: of a stop, in ticks and as asked. ``linked_to``: the other order of a pair. ``group_id``: the
    order group that counts its fills.
    """

    trigger_price: int | None = None
    linked_to: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """What a trader asks for, after the edge has parsed it and before the market has checked it.

    Prices in ticks, quantities in lots, cash in units. A limit order has ``price`` and ``quantity``.
    A market order has ``quantity``, or ``cost_max`` (buy: spend at most this, fees included).
    A market order may carry ``price`` as protection: it never trades beyond it.
    ``proceeds_min`` goes with a market order that sells: as few shares as bring so much, fees taken off, and of
    ``quantity`` or else of the free shares at most; refused when those don't bring it.
    ``reduce_only`` goes with a sell: it reserves no shares, and never is for more than the trader's free ones.
    An order that arrives after ``valid_until`` is refused; with ``GTD`` what rests is cancelled then, too.
    """

    market_id: int
    outcome: int
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    price: int | None = None
    quantity: int | None = None
    cost_max: int | None = None
    post_only: bool = False
    self_trade_policy: SelfTradePolicy = SelfTradePolicy.CANCEL_NEWEST
    valid_until: datetime | None = None
    proceeds_min: int | None = None
    reduce_only: bool = False
    ties: Ties | None = None


_Moment = TypeVar("_Moment", datetime, str)


def named_ends(time_in_force: str, valid_until: _Moment | None) -> tuple[_Moment | None, _Moment | None]:
    """``valid_until`` and ``expires_at`` as traders know them: one field, under the name that they gave it."""
    return (None, valid_until) if time_in_force == TimeInForce.GTD else (valid_until, None)


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Place ``spec`` for ``user_id``; ``order_id`` is given by the write path.

    ``client_order_id`` and ``request_digest`` (SHA-256 of the canonical request) carry durable
    idempotency; the engine ignores both.
    """

    user_id: int
    spec: OrderSpec
    client_order_id: str
    request_digest: bytes
    order_id: int = 0
    #: Beside the end of a ``GTD`` order, which ``spec`` has in this place.
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PlacePair:
    """Place two orders of which at most one trades: when one fills in part, fires or ends, the other is cancelled.

    Key and digest as in ``MintSets``.
    """

    user_id: int
    first: OrderSpec
    second: OrderSpec
    client_order_id: str = ""
    request_digest: bytes = b""
    order_ids: tuple[int, int] = (0, 0)
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """``valid_until`` of this and the next commands: refused when it is carried out later; not in the journal."""

    user_id: int
    order_id: int
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AmendOrder:
    """New terms for an open order; what is ``None`` stays, and one of price, quantity and decrease is given.

    ``quantity`` is the whole order's, with what has been filled. ``decrease`` takes so much off what remains, or
    all of it. Fewer shares keep their place at the price; another price or more shares go behind everybody there,
    for which the write path gives ``priority``. Key and digest as in ``MintSets``.
    """

    user_id: int
    order_id: int
    price: int | None = None
    quantity: int | None = None
    decrease: int | None = None
    client_order_id: str = ""
    request_digest: bytes = b""
    priority: int = 0
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MintSets:
    """Pay ``quantity`` x 1 credit, receive ``quantity`` shares of every outcome.

    ``client_order_id`` (of any command, empty for none) and ``request_digest`` as in ``PlaceOrder``.
    """

    user_id: int
    quantity: int
    client_order_id: str = ""
    request_digest: bytes = b""
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MergeSets:
    """Give ``quantity`` shares of every outcome, receive ``quantity`` x 1 credit."""

    user_id: int
    quantity: int
    client_order_id: str = ""
    request_digest: bytes = b""
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ConvertNo:
    """Give NO on each of ``outcomes``, ``quantity`` shares each: receive 1 credit for every NO but one, and a share of
    every other outcome. NO on an outcome is a share of each of the others. Key and digest as in ``MintSets``."""

    user_id: int
    outcomes: tuple[int, ...]
    quantity: int
    client_order_id: str = ""
    request_digest: bytes = b""
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AddLiquidity:
    """Raise the maker rule's b by ``quantity`` lots at the present prices, for a share in what the rule owns."""

    user_id: int
    quantity: int
    client_order_id: str = ""
    request_digest: bytes = b""
    valid_until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WithdrawLiquidity:
    """Lower b by ``quantity`` lots of one's own, for that share of what the rule owns."""

    user_id: int
    quantity: int
    client_order_id: str = ""
    request_digest: bytes = b""
    valid_until: datetime | None = field(default=None, compare=False)


Command = (
    PlaceOrder
    | PlacePair
    | CancelOrder
    | AmendOrder
    | MintSets
    | MergeSets
    | ConvertNo
    | AddLiquidity
    | WithdrawLiquidity
)


class Provision(NamedTuple):
    """What a change of the maker rule's liquidity came to: b rose by ``lots`` (fell if negative) to ``liquidity``, the
    rule received ``cash`` (paid if negative), the provider ``sets`` complete sets for credits less what the rule took
    of them, or the rule's ``shares``: lots by outcome."""

    lots: int
    liquidity: int
    cash: int
    sets: int
    shares: tuple[int, ...]


class Fill(NamedTuple):
    """One step of a match pass, from the taker's and the book's point of view.

    ``outcome``, ``taker_side`` and ``price`` are *booked* (binary: outcome 0). ``price`` is the
    resting order's price, or the average price of a maker-rule step rounded to the nearest tick.
    ``cost`` is the exact cash amount of the booked outcome: what a booked buyer pays and a booked
    seller of existing shares receives; the other side of a mint pays ``quantity * 10_000 - cost``.
    ``maker_order_id`` is ``None`` for the maker rule. Fees are non-negative.
    """

    kind: FillKind
    outcome: int
    taker_side: Side
    price: int
    quantity: int
    cost: int
    taker_order_id: int
    taker_user_id: int
    taker_fee: int
    maker_order_id: int | None
    maker_user_id: int
    maker_fee: int


class OrderView(NamedTuple):
    """The state of one order after a command; asked view. ``cost`` is cash paid (buy) or received
    (sell) for the filled quantity without fees; ``hold_cash`` and ``hold_shares`` are reserved now."""

    order_id: int
    user_id: int
    spec: OrderSpec
    quantity: int
    filled: int
    cost: int
    fee: int
    hold_cash: int
    hold_shares: int
    status: OrderStatus

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled if self.status in ALIVE else 0


class LevelChange(NamedTuple):
    """A signed change of the size resting at one booked price: one line of the book delta feed."""

    outcome: int
    side: Side
    price: int
    change: int


@dataclass(slots=True)
class Effects:
    """Everything one accepted command changed; all deltas are exact and complete.

    ``cash`` and ``held``: by party (user id, or MAKER/COLLATERAL/FEES), sums of ``cash`` are zero.
    ``shares``: by (party, outcome), ``shares_held`` likewise. ``orders``: every order whose view
    changed, the taker's own first. ``maker_quantities`` and ``prices`` are the state after:
    ``prices`` are marginal probabilities per outcome in 1/1,000,000 (maker rule if there is one,
    else last trade or mid of the book). ``reshaped``: orders that rested before and have other terms now, with
    whether they went to the back; it follows from the rest, so records don't tell it.
    """

    command: Command
    orders: list[OrderView] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    levels: list[LevelChange] = field(default_factory=list)
    cash: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    shares: dict[tuple[int, int], int] = field(default_factory=dict)
    shares_held: dict[tuple[int, int], int] = field(default_factory=dict)
    maker_quantities: tuple[int, ...] = ()
    prices: tuple[int, ...] = ()
    provision: Provision | None = None
    reshaped: dict[int, bool] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that changed nothing. ``code`` names a class in ``trading.errors``; ``detail`` is the
    sentence for people; ``pointer`` the request field at fault (``/quantity``); ``extra`` JSON-ready facts."""

    code: str
    detail: str
    pointer: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
