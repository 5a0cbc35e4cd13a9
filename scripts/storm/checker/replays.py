"""Every market once more from its journal alone, by the stand-alone replay, and the final rows against it.

Contract   Orders, trades, positions, holds and the cash that each market moved are what the replay says; the replay
           itself matches every command again by its own code and holds every record to the rules of a market.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from scripts.replay_journal import MAKER, Replay
from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.findings import Findings

_ORDER: Final[Callable[[Row], tuple[Any, ...]]] = itemgetter(
    "user_id", "outcome", "side", "price", "quantity", "filled", "cost", "fee", "hold_cash", "hold_shares", "status"
)
_TRADE: Final[Callable[[Row], tuple[Any, ...]]] = itemgetter(
    "kind", "outcome", "taker_side", "price", "quantity", "cost", "taker_order_id", "taker_id", "taker_fee",
    "maker_order_id", "maker_fee",
)  # fmt: skip


def check_replays(evidence: Evidence, findings: Findings) -> dict[int, Replay]:
    """Replays by market."""
    events = {key: list(rows) for key, rows in groupby(evidence.events, key=itemgetter("market_id"))}
    orders, trades = _by_market(evidence.orders), _by_market(evidence.trades)
    positions = _by_market(evidence.positions)
    replays = {}
    for market in evidence.markets:
        key = market["id"]
        _check_numbers(market, events.get(key, []), findings)
        replay = replays[key] = _replayed(market, events.get(key, []), findings)
        _check_orders(key, replay, orders[key], findings)
        _check_trades(key, replay, trades[key], findings)
        _check_positions(market, replay, positions[key], findings)
        _check_fill_limits(key, replay, findings)
        _check_book(key, orders[key], is_binary=market["kind"] == "binary", findings=findings)
        settled = [event["seq"] for event in events.get(key, []) if event["kind"] == "settled"]
        findings.expect(len(settled) < 2, "settled.twice", f"market {key} is settled by the records {settled}")
        is_over = market["status"] in ("resolved", "void")
        findings.expect(is_over == bool(settled), "settled.missing", f"market {key} is {market['status']}: {settled}")
    _check_held(evidence, replays.values(), findings)
    return replays


def _by_market(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["market_id"]].append(row)
    return found


def _check_numbers(market: Row, events: Sequence[Row], findings: Findings) -> None:
    """Gapless from 1 to the head."""
    numbers = [event["seq"] for event in events]
    is_gapless = numbers == list(range(1, market["seq"] + 1))
    missing = sorted(set(range(1, market["seq"] + 1)) - set(numbers))[:5]
    text = f"market {market['id']} has {len(numbers)} records up to {market['seq']}; missing {missing}"
    findings.expect(is_gapless, "seq.gap", text)


def _replayed(market: Row, events: Sequence[Row], findings: Findings) -> Replay:
    rules = {
        "market_id": market["id"], "kind": market["kind"], "outcomes": len(market["outcomes"]),
        "liquidity": market["liquidity_lots"], "taker_fee_bps": market["taker_fee_bps"],
        "maker_fee_bps": market["maker_fee_bps"], "tick": market["tick"], "lot": market["lot"],
    }  # fmt: skip
    replay = Replay(rules)
    for event in events:
        try:
            replay.take(event)
        except (LookupError, ValueError, TypeError, ArithmeticError) as error:
            # A record that makes no sense is a finding, and so is all that follows from it.
            findings.note("journal.unreadable", f"market {market['id']} seq {event['seq']}: {error!r}")
    for mistake in replay.mistakes:
        findings.note("journal.rule_broken", f"market {market['id']} {mistake}")
    return replay


def _check_orders(market_id: int, replay: Replay, rows: Sequence[Row], findings: Findings) -> None:
    stored = {row["id"]: _ORDER(row) for row in rows}
    replayed = {order_id: tuple(order.row()[1:]) for order_id, order in replay.orders.items() if _is_accepted(order)}
    for order_id in stored.keys() | replayed.keys():
        if stored.get(order_id) != replayed.get(order_id):
            text = f"market {market_id} order {order_id}: {stored.get(order_id)}, replayed {replayed.get(order_id)}"
            findings.note("book.differs", text)


def _is_accepted(order: Any) -> bool:
    return bool(order.status != "new")


def _check_trades(market_id: int, replay: Replay, rows: Sequence[Row], findings: Findings) -> None:
    stored = {(row["seq"], row["line"]): _TRADE(row) for row in rows}
    replayed = {(seq, line): (*fill[:10], fill[11]) for seq, line, fill in replay.fills}
    for place in stored.keys() | replayed.keys():
        if stored.get(place) != replayed.get(place):
            text = f"market {market_id} {place}: {stored.get(place)}, replayed {replayed.get(place)}"
            findings.note("trade.differs", text)


def _check_positions(market: Row, replay: Replay, rows: Sequence[Row], findings: Findings) -> None:
    key = market["id"]
    stored = {
        (MAKER if row["user_id"] is None else row["user_id"], row["outcome"]): (row["quantity"], row["held"])
        for row in rows
        if row["quantity"] or row["held"]
    }
    replayed = {place: (lots, replay.held_shares.get(place, 0)) for place, lots in replay.holdings.items() if lots}
    for place in stored.keys() | replayed.keys():
        if stored.get(place) != replayed.get(place):
            text = f"market {key} {place}: {stored.get(place)}, replayed {replayed.get(place)}"
            findings.note("position.differs", text)


def _check_fill_limits(market_id: int, replay: Replay, findings: Findings) -> None:
    """No fill is worse than what its orders allow."""
    for seq, line, fill in replay.fills:
        _, _, taker_side, _, quantity, cost, taker_id, _, _, maker_id, *_ = fill
        sides = [(taker_id, taker_side)]
        if maker_id is not None:
            sides.append((maker_id, "sell" if taker_side == "buy" else "buy"))
        for order_id, side in sides:
            order = replay.orders.get(order_id)
            if order is None or order.price is None:
                continue
            _, booked_side, price = order.booked
            is_within = cost <= price * quantity if side == "buy" else cost >= price * quantity
            is_right = booked_side == side and is_within
            findings.expect(
                is_right, "fill.beyond_limit", f"market {market_id} seq {seq} line {line}: order {order_id}"
            )


def _check_book(market_id: int, rows: Sequence[Row], *, is_binary: bool, findings: Findings) -> None:
    """The best bid of each book stands below its best ask."""
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    for row in rows:
        if row["status"] != "open":
            continue
        is_mirrored = is_binary and row["outcome"] == 1
        book, price = (0 if is_binary else row["outcome"]), (10_000 - row["price"] if is_mirrored else row["price"])
        if (row["side"] == "buy") != is_mirrored:
            bids[book] = max(bids.get(book, 0), price)
        else:
            asks[book] = min(asks.get(book, 10_000), price)
    for book in bids.keys() & asks.keys():
        text = f"market {market_id} book {book}: bid {bids[book]}, ask {asks[book]}"
        findings.expect(bids[book] < asks[book], "book.crossed", text)


def _check_held(evidence: Evidence, replays: Iterable[Replay], findings: Findings) -> None:
    """Wallets hold what the open orders of all markets need."""
    held: dict[int, int] = defaultdict(int)
    for replay in replays:
        for user_id, amount in replay.held.items():
            held[user_id] += amount
    for row in evidence.accounts:
        if row["user_id"] is not None:
            text = f"user {row['user_id']} holds {row['held']}, replayed {held[row['user_id']]}"
            findings.expect(row["held"] == held[row["user_id"]], "balance.held_differs", text)
