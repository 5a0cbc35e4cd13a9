"""What happened in a market, as events that programs are told: what everybody may know, and what is somebody's own.

Contract   The same records give the same facts, each with the same ``mark`` within its record, whenever and for
           whomever they are asked: whoever makes keys of market, ``seq`` and ``mark`` makes each once.
Bound      ``RECORDS_MAX`` records a call; two statements, one more where somebody's orders are told, and one for a
           settlement.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from common.clock import rfc3339
from common.money import PAYOUT_PER_LOT, PRICE_SCALE, format_cash, format_price, format_quantity
from markets.types import EventKind
from trading.selectors.rows import fetch_all, fetch_one
from trading.selectors.stream import StreamRecord
from trading.types import (
    Command,
    Effects,
    Fill,
    OrderSpec,
    OrderStatus,
    OrderView,
    PlaceOrder,
    PlacePair,
    named_ends,
)

RECORDS_MAX: Final = 200
LIFECYCLE: Final[Mapping[str, str]] = {
    EventKind.OPENED: "market.opened",
    EventKind.HALTED: "market.halted",
    EventKind.RESUMED: "market.resumed",
    EventKind.CLOSED: "market.closed",
    EventKind.PROPOSED: "market.resolution_proposed",
    EventKind.DISPUTED: "market.resolution_disputed",
    EventKind.RESOLVED: "market.resolved",
    EventKind.VOIDED: "market.voided",
    EventKind.SETTLED: "market.settled",
    EventKind.SETTLEMENT_UNDONE: "market.settlement_undone",
}
TRADE: Final = "trade.executed"
FILL: Final = "fill.created"
SETTLED: Final = "position.settled"
_ORDER_PLACED: Final = "order.placed"
_ORDER_CHANGED: Final = "order.changed"
_ORDER_TRIGGERED: Final = "order.triggered"
_ORDER_PARTLY: Final = "order.partially_filled"
_ENDS: Final = {OrderStatus.FILLED: "order.filled", OrderStatus.CANCELLED: "order.cancelled"}
_NO_COMMANDS: Final = [*LIFECYCLE]


@dataclass(frozen=True, slots=True)
class MarketFact:
    """``user_id`` is whose it is, None for everybody's; ``data`` is ready for JSON."""

    kind: str
    seq: int
    mark: str
    at: datetime
    user_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Market:
    id: int
    slug: str
    question: str
    is_binary: bool
    outcomes: tuple[str, ...]


_MARKET: Final = """
SELECT m.id, m.slug, m.question, m.kind = 'binary',
       ARRAY(SELECT o.slug::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index)
FROM markets_market m WHERE m.id = %(market_id)s
"""
_RECORDS: Final = """
SELECT e.seq, e.kind, e.at, e.data::text
FROM markets_marketevent e
WHERE e.market_id = %(market_id)s AND e.seq > %(after)s AND e.seq <= %(upto)s
  AND (%(kinds)s::text[] IS NULL OR e.kind = ANY(%(kinds)s))
ORDER BY e.seq
"""
_CLIENT_IDS: Final = "SELECT id, client_order_id FROM trading_order WHERE id = ANY(%(ids)s)"
_HOLDERS: Final = """
SELECT DISTINCT p.user_id FROM trading_position p
WHERE p.market_id = %(market_id)s AND p.user_id = ANY(%(owners)s) ORDER BY p.user_id
"""
_BEFORE: Final = """
SELECT q.market_id, e.at < %(since)s
FROM unnest(%(markets)s::bigint[], %(seqs)s::bigint[]) AS q (market_id, seq)
JOIN markets_marketevent e ON e.market_id = q.market_id AND e.seq = q.seq
"""


def market_facts(
    market_id: int, *, after: int, upto: int, owners: Collection[int], kinds: Collection[str]
) -> list[MarketFact]:
    """Facts of the records after one number up to another, of ``kinds``: everybody's, and those of ``owners``.

    In the order in which they happened. ``upto - after`` is at most ``RECORDS_MAX``.
    """
    assert upto - after <= RECORDS_MAX
    row = fetch_one(_MARKET, {"market_id": market_id})
    if row is None:
        return []
    market = _Market(row[0], row[1], row[2], row[3], tuple(row[4]))
    only = _NO_COMMANDS if set(kinds) <= {*LIFECYCLE.values(), SETTLED} else None
    given = {"market_id": market_id, "after": after, "upto": upto, "kinds": only}
    records = [StreamRecord(seq, kind, at, orjson.loads(data)) for seq, kind, at, data in fetch_all(_RECORDS, given)]
    names = _client_order_ids(records, owners) if _has_orders(kinds) else {}
    facts = [fact for record in records for fact in _facts(market, record, frozenset(owners), names)]
    return [fact for fact in facts if fact.kind in kinds]


def seqs_before(since: datetime, heads: Mapping[int, int]) -> dict[int, int]:
    """Of each market the newest ``seq`` up to its head that is older than ``since``, 0 for none.

    Records of a market never go back in time, so halving finds it: as many statements as the longest journal's
    number has binary digits, whatever the number of markets.
    """
    low, high = dict.fromkeys(heads, 0), dict(heads)
    while looked := {
        market_id: (low[market_id] + high[market_id] + 1) // 2
        for market_id in heads
        if low[market_id] < high[market_id]
    }:
        given = {"since": since, "markets": list(looked), "seqs": list(looked.values())}
        older = dict(fetch_all(_BEFORE, given))
        for market_id, seq in looked.items():
            # What isn't there any more was put away because it is old.
            if older.get(market_id, True):
                low[market_id] = seq
            else:
                high[market_id] = seq - 1
    return low


def _has_orders(kinds: Collection[str]) -> bool:
    return any(kind.startswith(("order.", "fill.")) for kind in kinds)


def _client_order_ids(records: list[StreamRecord], owners: Collection[int]) -> dict[int, str]:
    orders = (view for record in records if record.effects is not None for view in record.effects.orders)
    ids = {view.order_id for view in orders if view.user_id in owners}
    return dict(fetch_all(_CLIENT_IDS, {"ids": list(ids)})) if ids else {}


def _facts(
    market: _Market, record: StreamRecord, owners: frozenset[int], names: Mapping[int, str]
) -> Iterator[MarketFact]:
    if record.effects is not None:
        yield from _trades(market, record, record.effects)
        yield from _own_fills(market, record, record.effects, owners, names)
        yield from _own_orders(market, record, record.effects, owners, names)
    elif (kind := LIFECYCLE.get(record.kind)) is not None:
        yield _fact(market, record, kind, "", None, _lifecycle(market, record.data))
        if record.kind == EventKind.SETTLED:
            yield from _own_payouts(market, record, owners)


def _trades(market: _Market, record: StreamRecord, effects: Effects) -> Iterator[MarketFact]:
    prices = {slug: _probability(price) for slug, price in zip(market.outcomes, effects.prices, strict=False)}
    for line, fill in enumerate(effects.fills):
        data = {
            "line": line,
            "kind": fill.kind,
            "outcome": market.outcomes[fill.outcome],
            "side": fill.taker_side,
            "price": format_price(fill.price),
            "quantity": format_quantity(fill.quantity),
            "cost": format_cash(fill.cost),
            "prices_after": prices,
        }
        yield _fact(market, record, TRADE, f"t{line}", None, data)


def _own_fills(
    market: _Market, record: StreamRecord, effects: Effects, owners: frozenset[int], names: Mapping[int, str]
) -> Iterator[MarketFact]:
    specs = {view.order_id: (view.user_id, view.spec) for view in effects.orders if view.user_id in owners}
    for line, fill in enumerate(effects.fills):
        sides = ((fill.taker_order_id, fill.taker_fee, "taker"), (fill.maker_order_id, fill.maker_fee, "maker"))
        for order_id, fee, role in sides:
            if order_id is not None and order_id in specs:
                user_id, spec = specs[order_id]
                data = {
                    "line": line,
                    "order_id": order_id,
                    "client_order_id": names.get(order_id, ""),
                    "role": role,
                    **_as_asked(market, fill, spec),
                    "fee": format_cash(fee),
                }
                yield _fact(market, record, FILL, f"{role[0]}f{line}", user_id, data)


def _as_asked(market: _Market, fill: Fill, spec: OrderSpec) -> dict[str, Any]:
    is_mirrored = market.is_binary and spec.outcome == 1
    return {
        "outcome": market.outcomes[spec.outcome],
        "side": spec.side,
        "price": format_price(PRICE_SCALE - fill.price if is_mirrored else fill.price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost),
    }


def _own_orders(
    market: _Market, record: StreamRecord, effects: Effects, owners: frozenset[int], names: Mapping[int, str]
) -> Iterator[MarketFact]:
    touched = {fill.taker_order_id for fill in effects.fills} | {fill.maker_order_id for fill in effects.fills}
    for line, view in enumerate(effects.orders):
        if view.user_id in owners:
            kind = _kind_of(view, effects, is_touched=view.order_id in touched)
            data = _order(market, view, names.get(view.order_id, ""))
            yield _fact(market, record, kind, f"o{line}", view.user_id, data)


def _kind_of(view: OrderView, effects: Effects, *, is_touched: bool) -> str:
    if view.status in _ENDS:
        return _ENDS[view.status]
    if view.order_id in _placed(effects.command):
        return _ORDER_PLACED
    if view.status is OrderStatus.TRIGGERED:
        return _ORDER_TRIGGERED
    return _ORDER_PARTLY if is_touched else _ORDER_CHANGED


def _placed(command: Command) -> tuple[int, ...]:
    if isinstance(command, PlaceOrder):
        return (command.order_id,)
    return command.order_ids if isinstance(command, PlacePair) else ()


def _order(market: _Market, view: OrderView, client_order_id: str) -> dict[str, Any]:
    spec = view.spec
    valid_until, expires_at = named_ends(spec.time_in_force, spec.valid_until)
    return {
        "id": view.order_id,
        "client_order_id": client_order_id,
        "outcome": market.outcomes[spec.outcome],
        "side": spec.side,
        "type": spec.type,
        "time_in_force": spec.time_in_force,
        "price": _price(spec.price),
        "trigger_price": None if spec.ties is None else _price(spec.ties.trigger_price),
        "quantity": format_quantity(view.quantity),
        "filled": format_quantity(view.filled),
        "remaining": format_quantity(view.remaining),
        "status": view.status,
        "cost": format_cash(view.cost),
        "fee": format_cash(view.fee),
        "valid_until": None if valid_until is None else rfc3339(valid_until),
        "expires_at": None if expires_at is None else rfc3339(expires_at),
    }


def _own_payouts(market: _Market, record: StreamRecord, owners: frozenset[int]) -> Iterator[MarketFact]:
    """Whoever held shares is told, of nothing as well."""
    payouts, paid = _payouts(market, record.data["payouts"]), dict(record.data["paid"])
    for (user_id,) in fetch_all(_HOLDERS, {"market_id": market.id, "owners": list(owners)}) if owners else ():
        data = {"payout": format_cash(paid.get(user_id, 0)), "payouts": payouts, "is_void": not payouts}
        yield _fact(market, record, SETTLED, f"p{user_id}", user_id, data)


def _lifecycle(market: _Market, data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if data.get("reason"):
        found["reason"] = data["reason"]
    if "payouts" in data:
        found["payouts"] = _payouts(market, data["payouts"])
    return found


def _payouts(market: _Market, ticks: list[int]) -> dict[str, str]:
    return {slug: format_price(tick) for slug, tick in zip(market.outcomes, ticks, strict=False)}


def _fact(
    market: _Market, record: StreamRecord, kind: str, mark: str, user_id: int | None, data: Mapping[str, Any]
) -> MarketFact:
    place = {"market_id": market.id, "market_slug": market.slug, "question": market.question, "seq": record.seq}
    return MarketFact(kind, record.seq, mark, record.at, user_id, {**place, **data})


def _price(ticks: int | None) -> str | None:
    return None if ticks is None else format_price(ticks)


def _probability(micro: int) -> str:
    return f"{micro // 1_000_000}.{micro % 1_000_000:06d}"
