"""A market's state for the engine: from the tables, then kept current by journal records.

Contract   Called under the market's lock or in one snapshot, so tables, journal and ``seq`` belong together.
"""

from typing import Any, Final

import orjson

from markets.selectors.trading_terms import TradingRules, TradingTerms, trading_rules
from markets.types import COMMAND_KINDS, EventKind, MarketKind
from trading.engine.follow import apply_record
from trading.engine.replay import restore
from trading.engine.state import MarketRules, MarketState
from trading.errors import MarketNotOpen
from trading.services._market_cache import CachedMarket
from trading.services._pipeline import Pipeline, Statement
from trading.types import (
    OrderSpec,
    OrderStatus,
    OrderType,
    OrderView,
    SelfTradePolicy,
    Side,
    Ties,
    TimeInForce,
)

#: Beyond this many missed records the tables are read again.
RECORDS_MAX: Final = 5_000

#: Records that change more than they tell: the tables are read again.
_REREAD: Final = frozenset({EventKind.SETTLED, EventKind.SETTLEMENT_UNDONE})
_RECORDS: Final = """
SELECT seq, kind, data::text FROM markets_marketevent
WHERE market_id = %s::bigint AND seq > %s::bigint ORDER BY seq LIMIT %s::int
"""
_ORDERS: Final = """
SELECT id, user_id, outcome, side, type, time_in_force, price, quantity, cost_max, post_only, self_trade_policy,
       valid_until, reduce_only, trigger_price, linked_to, group_id, filled, cost, fee, hold_cash, hold_shares, status,
       priority
FROM trading_order WHERE market_id = %s::bigint AND status = 'open'
"""
#: Stops that wait, each with an index of its own.
_WAITING: Final = _ORDERS.replace("= 'open'", "IN ('waiting', 'triggered')")
_POSITIONS: Final = "SELECT user_id, outcome, quantity, held FROM trading_position WHERE market_id = %s::bigint"
#: Without a maker rule an outcome that has traded stands at its last trade, so its newest candle ends there. Trades
#: aren't asked: looking for the last one of an outcome that has none would read those of all the others.
_BOOK: Final = """
SELECT maker_quantities, prices, ARRAY(
    SELECT (SELECT CASE WHEN c.trades > 0 THEN c.close / 100 END FROM trading_candle c
            WHERE c.market_id = b.market_id AND c.outcome = o AND c.interval = '1d' ORDER BY c.starts_at DESC LIMIT 1)
    FROM generate_series(0, %s::int - 1) AS o ORDER BY o),
    added_liquidity,
    (SELECT a.cash FROM trading_account a WHERE a.market_id = b.market_id AND a.kind = 'maker'),
    ARRAY(SELECT unnest(ARRAY[user_id, quantity]) FROM trading_provision p
          WHERE p.market_id = b.market_id AND p.quantity > 0)
FROM trading_marketbook b WHERE market_id = %s::bigint
"""


class StateBehind(Exception):
    """More was decided elsewhere than shall be read while everybody waits."""


def send_records_after(pipe: Pipeline, entry: CachedMarket) -> Statement | None:
    """Ask for the records that the cached state lacks; nothing when there is no state."""
    if entry.state is None:
        return None
    return pipe.send(_RECORDS, [entry.market_id, entry.state.seq, RECORDS_MAX])


def current_state(
    pipe: Pipeline, entry: CachedMarket, terms: TradingTerms, *, records: Any, seq: int, is_system: bool
) -> MarketState:
    """The state at ``seq``, open for what the terms allow; the system may always cancel.

    Raises ``StateBehind`` when the tables should be read before the lock is taken, and weren't.
    """
    state = entry.state
    if state is None or not bring_forward(entry, state, records) or state.seq != seq:
        if state is not None and not entry.is_fresh:
            raise StateBehind
        state = load_state(pipe, entry, seq)
    state.is_open = terms.is_open
    state.is_cancel_allowed = terms.is_cancel_allowed or is_system
    return state


def bring_forward(entry: CachedMarket, state: MarketState, records: Any) -> bool:
    """Apply the records that were asked for; ``False`` if the tables have to be read instead."""
    for record_seq, kind, data in records.fetchall() if records is not None else ():
        # Records that nobody has asked for in months may be in the archive.
        if record_seq != state.seq + 1 or kind in _REREAD:
            return False
        if kind in COMMAND_KINDS:
            record = orjson.loads(data)
            apply_record(state, record)
            entry.prices = tuple(record["p"])
            entry.traders.update([user_id for user_id, *_ in record["sh"] if user_id > 0])
        state.seq = record_seq
    return True


def load_state(pipe: Pipeline, entry: CachedMarket, seq: int) -> MarketState:
    """Read the tables into the entry. Raises ``MarketNotOpen`` for a draft."""
    market_id = entry.market_id
    rules = entry.rules = trading_rules(pipe.cursor(), market_id)
    orders, waiting = pipe.send(_ORDERS, [market_id]), pipe.send(_WAITING, [market_id])
    positions = pipe.send(_POSITIONS, [market_id])
    books = 1 if rules.kind is MarketKind.BINARY else len(rules.outcomes)
    if rules.liquidity:
        # The maker rule tells the prices.
        books = 0
    book = pipe.send(_BOOK, [books, market_id]).fetchone()
    if book is None:
        raise MarketNotOpen("This market has never been opened; look at its status, then try again.")
    maker_quantities, prices, last_prices, added_liquidity, maker_cash, provided = book
    rows, open_orders = positions.fetchall(), orders.fetchall() + waiting.fetchall()
    entry.traders = {user_id for user_id, *_ in rows if user_id is not None}
    entry.prices = tuple(prices)
    entry.state = restore(
        engine_rules(market_id, rules, added_liquidity=added_liquidity),
        [_view(market_id, row) for row in open_orders],
        {(user_id, outcome): (quantity, held) for user_id, outcome, quantity, held in rows if user_id is not None},
        maker_quantities,
        seq,
        last_prices=last_prices,
        maker_cash=maker_cash or 0,
        providers=dict(zip(provided[::2], provided[1::2], strict=True)),
        priorities={row[0]: row[-1] for row in open_orders if row[-1] is not None},
    )
    return entry.state


def engine_rules(market_id: int, rules: TradingRules, *, added_liquidity: int = 0) -> MarketRules:
    return MarketRules(
        market_id=market_id,
        outcomes=len(rules.outcomes),
        is_binary=rules.kind is MarketKind.BINARY,
        liquidity=rules.liquidity + added_liquidity,
        taker_fee_bps=rules.taker_fee_bps,
        maker_fee_bps=rules.maker_fee_bps,
        tick=rules.tick,
        lot=rules.lot,
    )


def _view(market_id: int, row: tuple[Any, ...]) -> OrderView:
    order_id, user_id, outcome, side, type_, tif, price, quantity, cost_max, post_only, policy, valid_until, *rest = row
    reduce_only, trigger, linked_to, group_id, filled, cost, fee, hold_cash, hold_shares, status, _ = rest
    is_tied = trigger is not None or linked_to is not None or group_id is not None
    ties = Ties(trigger, linked_to, group_id) if is_tied else None
    spec = OrderSpec(
        market_id, outcome, Side(side), OrderType(type_), TimeInForce(tif), price, quantity, cost_max, post_only,
        SelfTradePolicy(policy), valid_until, None, reduce_only, ties,
    )  # fmt: skip
    return OrderView(order_id, user_id, spec, quantity, filled, cost, fee, hold_cash, hold_shares, OrderStatus(status))
