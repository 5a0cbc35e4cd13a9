"""The events that programs can be told of: name, when, whose, the members of ``data``, and an example.

Contract   Names and members are never taken away or changed, only added. ``data`` of a market's event begins with the
           market and the ``seq`` of its journal, which orders the events of a market; amounts are decimal strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
_ID: Final[Schema] = {"type": "integer", "minimum": 1}
_MOMENT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_PRICES: Final[Schema] = {"type": "object", "additionalProperties": {"type": "string"}}
_SIDE: Final[Schema] = {"enum": ["buy", "sell"]}
_PLACE: Final[dict[str, Schema]] = {
    "market_id": _ID, "market_slug": _TEXT, "question": _TEXT, "seq": _ID,
}  # fmt: skip
_ORDER: Final[dict[str, Schema]] = {
    **_PLACE, "id": _ID, "client_order_id": _TEXT, "outcome": _TEXT, "side": _SIDE, "type": _TEXT,
    "time_in_force": _TEXT, "price": _MAYBE_TEXT, "trigger_price": _MAYBE_TEXT, "quantity": _TEXT, "filled": _TEXT,
    "remaining": _TEXT, "status": {"enum": ["waiting", "triggered", "open", "filled", "cancelled"]}, "cost": _TEXT,
    "fee": _TEXT, "valid_until": _MOMENT, "expires_at": _MOMENT,
}  # fmt: skip
_IN_LISBON: Final = {
    "market_id": 7, "market_slug": "rain-in-lisbon", "question": "Will it rain in Lisbon tomorrow?", "seq": 1042,
}  # fmt: skip
_AN_ORDER: Final = {
    **_IN_LISBON, "id": 4512, "client_order_id": "c-81", "outcome": "yes", "side": "buy", "type": "limit",
    "time_in_force": "gtc", "price": "0.6200", "trigger_price": None, "quantity": "10", "filled": "0",
    "remaining": "10", "status": "open", "cost": "0", "fee": "0", "valid_until": None, "expires_at": None,
}  # fmt: skip
_PAYOUTS: Final = {"yes": "1.0000", "no": "0.0000"}


@dataclass(frozen=True, slots=True)
class EventType:
    """``is_own``: told to the person it is about only."""

    name: str
    summary: str
    is_own: bool
    members: Mapping[str, Schema]
    example: Mapping[str, Any]
    optional: frozenset[str] = frozenset()

    @property
    def schema(self) -> Schema:
        """JSON Schema of ``data``; members may be added."""
        return {
            "type": "object",
            "required": [name for name in self.members if name not in self.optional],
            "properties": dict(self.members),
        }

    @property
    def is_of_market(self) -> bool:
        return "market_id" in self.members


def _lifecycle(name: str, summary: str, *, reason: bool = False, payouts: bool = False) -> EventType:
    members: dict[str, Schema] = dict(_PLACE)
    example: dict[str, Any] = dict(_IN_LISBON)
    if payouts:
        members["payouts"], example["payouts"] = _PRICES, _PAYOUTS
    if reason:
        members["reason"], example["reason"] = _TEXT, "The weather service reports 4 mm of rain."
    return EventType(name, summary, False, members, example, frozenset({"reason"}))


def _order(name: str, summary: str, **changes: str) -> EventType:
    return EventType(name, summary, True, _ORDER, {**_AN_ORDER, **changes})


_ALL: Final = (
    _lifecycle("market.opened", "A market takes orders."),
    _lifecycle("market.halted", "A market takes no orders for now.", reason=True),
    _lifecycle("market.resumed", "A market that was halted takes orders again."),
    _lifecycle("market.closed", "A market takes no orders any more; what rests in it is cancelled."),
    _lifecycle("market.resolution_proposed", "Somebody says how it ended.", reason=True, payouts=True),
    _lifecycle("market.resolution_disputed", "Somebody disagrees with the proposal.", reason=True),
    _lifecycle("market.resolved", "It is decided how it ended.", payouts=True),
    _lifecycle("market.voided", "It is called off, and everybody gets back what they paid.", reason=True),
    _lifecycle("market.settled", "Everything that was due has been paid.", payouts=True),
    _lifecycle("market.settlement_undone", "What was paid has been taken back; another result follows.", reason=True),
    EventType(
        "trade.executed", "A trade in a market, in the view of its book: the taker's side and the price it got.", False,
        {
            **_PLACE, "line": {"type": "integer", "minimum": 0},
            "kind": {"enum": ["transfer", "mint", "merge", "rule"]}, "outcome": _TEXT, "side": _SIDE,
            "price": _TEXT, "quantity": _TEXT, "cost": _TEXT, "prices_after": _PRICES,
        },
        {
            **_IN_LISBON, "line": 0, "kind": "rule", "outcome": "yes", "side": "buy", "price": "0.6200",
            "quantity": "10", "cost": "6.2", "prices_after": {"yes": "0.622461", "no": "0.377539"},
        },
    ),
    _order("order.placed", "An order of yours rests, or a stop waits for its price; some of it may be filled already."),
    _order("order.triggered", "The price of a stop of yours has come.", type="stop", trigger_price="0.6000",
           status="triggered"),
    _order("order.partially_filled", "Some of a resting order of yours was filled.", filled="4", remaining="6",
           cost="2.48"),
    _order("order.filled", "An order of yours was filled whole.", filled="10", remaining="0", cost="6.2",
           status="filled"),
    _order("order.cancelled", "An order of yours ended unfilled or filled in part: cancelled by you, expired, or "
           "ended by the market.", remaining="0", status="cancelled"),
    _order("order.changed", "An order of yours rests with other terms.", quantity="8", remaining="8"),
    EventType(
        "fill.created", "A fill of an order of yours, in the view that you asked for.", True,
        {
            **_PLACE, "line": {"type": "integer", "minimum": 0}, "order_id": _ID, "client_order_id": _TEXT,
            "role": {"enum": ["maker", "taker"]}, "outcome": _TEXT, "side": _SIDE, "price": _TEXT, "quantity": _TEXT,
            "cost": _TEXT, "fee": _TEXT,
        },
        {
            **_IN_LISBON, "line": 0, "order_id": 4512, "client_order_id": "c-81", "role": "taker", "outcome": "yes",
            "side": "buy", "price": "0.6200", "quantity": "10", "cost": "6.2", "fee": "0",
        },
    ),
    EventType(
        "position.settled", "A market that you ever held shares of was paid; a void one pays back what you paid.", True,
        {**_PLACE, "payout": _TEXT, "payouts": _PRICES, "is_void": {"type": "boolean"}},
        {**_IN_LISBON, "payout": "10", "payouts": _PAYOUTS, "is_void": False},
    ),
    EventType(
        "account.notice", "A new line in your notifications, or one that changed.", True,
        {"kind": _TEXT, "key": _TEXT, "title": _TEXT, "text": _TEXT, "url": _TEXT, "severity": _TEXT},
        {
            "kind": "mention", "key": "comment:21", "title": "bob wrote to you: Will it rain in Lisbon tomorrow?",
            "text": "In Porto, yes.", "url": "/markets/rain-in-lisbon#comment-21", "severity": "",
        },
    ),
)  # fmt: skip
CATALOGUE: Final[Mapping[str, EventType]] = {one.name: one for one in _ALL}
NOTICE: Final = "account.notice"


def chosen(names: tuple[str, ...] | list[str]) -> list[str]:
    """The events that ``names`` mean, in the order of the catalogue: ``order.*`` means all that begin so, ``*`` all.

    Raises: KeyError with the first name that means none
    """
    found: set[str] = set()
    for name in names:
        meant = {one for one in CATALOGUE if _means(name, one)}
        if not meant:
            raise KeyError(name)
        found |= meant
    return [one for one in CATALOGUE if one in found]


def _means(name: str, event: str) -> bool:
    return name in ("*", event) or (name.endswith(".*") and event.startswith(name[:-1]))
