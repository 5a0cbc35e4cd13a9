"""From what the engine decided to rows of the tables.

Contract   Balances, holdings and orders are written as they are after the whole batch; ledger entries and
           trades one by one. The accounts of everybody touched are locked and given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from common.money import PAYOUT_PER_LOT
from trading.engine.pricing import PROBABILITY_SCALE
from trading.engine.state import MarketState
from trading.types import (
    COLLATERAL,
    FEES,
    MAKER,
    AddLiquidity,
    AmendOrder,
    CancelOrder,
    ConvertNo,
    Effects,
    Fill,
    MergeSets,
    MintSets,
    OrderView,
    PlaceOrder,
    PlacePair,
    Provision,
    Side,
    WithdrawLiquidity,
)

PARTY_OF_KIND: Final = {"maker": MAKER, "collateral": COLLATERAL, "fees": FEES}
_TRANSFER_KINDS: Final[dict[type, str]] = {
    PlaceOrder: "trade",
    PlacePair: "trade",
    CancelOrder: "trade",
    AmendOrder: "trade",
    MintSets: "mint",
    MergeSets: "merge",
    ConvertNo: "convert",
    AddLiquidity: "liquidity",
    WithdrawLiquidity: "liquidity",
}


@dataclass(slots=True)
class Balance:
    """An account; ``cash`` and ``held`` move on while rows are built, ``read`` keeps what they were."""

    account_id: int
    cash: int
    held: int
    read: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.read = self.cash, self.held


@dataclass(slots=True)
class Rows:
    """Tuples in the column order of ``_writes``."""

    new_orders: dict[int, tuple[OrderView, str, int]] = field(default_factory=dict)
    old_orders: dict[int, OrderView] = field(default_factory=dict)
    #: Terms that the insert of orders doesn't know or that have changed, by order id.
    terms: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    trades: list[tuple[Any, ...]] = field(default_factory=list)
    transfers: list[tuple[int, str, int]] = field(default_factory=list)
    entries: list[tuple[int, int, int, int]] = field(default_factory=list)
    touched: dict[int, Balance] = field(default_factory=dict)
    holdings: dict[tuple[int, int], int] = field(default_factory=dict)
    candles: dict[int, list[int]] = field(default_factory=dict)
    volume: int = 0
    #: Of tied orders: id, trigger price, partner, group, quantity; that of a stop with a budget comes when it fires.
    ties: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    #: By user id: what the part of the maker rule has cost, as a change.
    provisions: dict[int, int] = field(default_factory=dict)
    added_liquidity: int = 0


def parties_of(effects: Effects) -> set[int]:
    return effects.cash.keys() | effects.held.keys()


def add_effects(
    rows: Rows,
    effects: Effects,
    *,
    seq: int,
    is_binary: bool,
    balances: Mapping[int, Balance],
    trade_ids: Sequence[int],
    transfer_ids: Iterator[int],
) -> None:
    """Add what one accepted command changed."""
    _add_orders(rows, effects, seq)
    _add_trades(rows, effects, seq, trade_ids)
    _add_money(rows, effects, seq, balances, transfer_ids)
    _add_holdings(rows, effects, is_binary)


def _add_orders(rows: Rows, effects: Effects, seq: int) -> None:
    command = effects.command
    new_id = command.order_id if isinstance(command, PlaceOrder) else None
    for view in effects.orders:
        order_id = view.order_id
        if order_id == new_id:
            assert isinstance(command, PlaceOrder)
            rows.new_orders[order_id] = (view, command.client_order_id or f"order-{order_id}", seq)
            spec = view.spec
            if spec.reduce_only or spec.proceeds_min is not None:
                rows.terms[order_id] = (order_id, spec.price, view.quantity, None, spec.proceeds_min, spec.reduce_only)
        elif isinstance(command, PlacePair) and order_id in command.order_ids:
            rows.new_orders[order_id] = (view, f"order-{order_id}", seq)
        elif order_id in rows.new_orders:
            rows.new_orders[order_id] = (view, *rows.new_orders[order_id][1:])
        else:
            rows.old_orders[order_id] = view
        ties = view.spec.ties
        if ties is not None:
            rows.ties[order_id] = (order_id, ties.trigger_price, ties.linked_to, ties.group_id, view.quantity)
        if effects.reshaped and order_id in effects.reshaped:
            _add_terms(rows, effects, view)


def _add_terms(rows: Rows, effects: Effects, view: OrderView) -> None:
    """An order that has other terms than those it was stored with; a place once given counts until the next."""
    spec, before = view.spec, rows.terms.get(view.order_id)
    priority = before[3] if before is not None else None
    if effects.reshaped[view.order_id] and isinstance(effects.command, AmendOrder):
        priority = effects.command.priority
    rows.terms[view.order_id] = (
        view.order_id, spec.price, view.quantity, priority, spec.proceeds_min, spec.reduce_only,
    )  # fmt: skip


def _add_trades(rows: Rows, effects: Effects, seq: int, trade_ids: Sequence[int]) -> None:
    prices = effects.prices
    for line, (fill, trade_id) in enumerate(zip(effects.fills, trade_ids, strict=True)):
        rows.volume += fill.cost
        rows.trades.append(
            (
                trade_id, seq, line, fill.kind, fill.outcome, fill.taker_side, fill.price, fill.quantity,
                fill.cost, fill.taker_order_id, fill.taker_user_id, fill.taker_fee, fill.maker_order_id,
                fill.maker_user_id if fill.maker_user_id > 0 else None, fill.maker_fee, prices[fill.outcome],
            )
        )  # fmt: skip


def _add_money(
    rows: Rows, effects: Effects, seq: int, balances: Mapping[int, Balance], transfer_ids: Iterator[int]
) -> None:
    for party, change in effects.held.items():
        balance = rows.touched[party] = balances[party]
        balance.held += change
    moves = [(party, amount) for party, amount in effects.cash.items() if amount]
    if not moves:
        return
    transfer_id = next(transfer_ids)
    rows.transfers.append((transfer_id, _TRANSFER_KINDS[type(effects.command)], seq))
    for party, amount in moves:
        balance = rows.touched[party] = balances[party]
        balance.cash += amount
        rows.entries.append((transfer_id, balance.account_id, amount, balance.cash))


def _add_holdings(rows: Rows, effects: Effects, is_binary: bool) -> None:
    """Note whose shares changed, and add what they paid for them less what they received."""
    holdings = rows.holdings
    for key in effects.shares:
        holdings.setdefault(key, 0)
    for key in effects.shares_held:
        holdings.setdefault(key, 0)
    if isinstance(effects.command, MintSets | MergeSets | ConvertNo):
        _add_set_cost(holdings, effects)
    if effects.provision is not None:
        add_provision(rows, effects.command.user_id, effects.provision, effects.prices)
    if effects.fills:
        views = {view.order_id: view for view in effects.orders}
        for fill in effects.fills:
            _add_cost(holdings, fill, views[fill.taker_order_id], fill.taker_fee, is_binary)
            if fill.maker_order_id is not None:
                _add_cost(holdings, fill, views[fill.maker_order_id], fill.maker_fee, is_binary)


def _add_cost(holdings: dict[tuple[int, int], int], fill: Fill, view: OrderView, fee: int, is_binary: bool) -> None:
    spec = view.spec
    is_mirrored = is_binary and spec.outcome == 1
    cost = fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost
    key = view.user_id, spec.outcome
    holdings[key] = holdings.get(key, 0) + (cost if spec.side is Side.BUY else -cost) + fee


def _add_set_cost(holdings: dict[tuple[int, int], int], effects: Effects) -> None:
    """A set's cost is shared out equally; the first outcome takes the remainder."""
    user_id = effects.command.user_id
    keys = sorted(key for key in effects.shares if key[0] == user_id)
    share, rest = divmod(-effects.cash[user_id], len(keys))
    for number, key in enumerate(keys):
        holdings[key] += share + (rest if number == 0 else 0)


def add_provision(rows: Rows, user_id: int, provision: Provision, prices: Sequence[int]) -> None:
    """Shares that the provider received cost what they are worth at the prices of the moment, the part of the rule
    the rest."""
    cost = provision.cash + provision.sets * PAYOUT_PER_LOT
    for outcome, lots in enumerate(provision.shares):
        if lots:
            worth = lots * PAYOUT_PER_LOT * prices[outcome] // PROBABILITY_SCALE
            rows.holdings[user_id, outcome] += worth
            cost -= worth
    rows.provisions[user_id] = rows.provisions.get(user_id, 0) + cost
    rows.added_liquidity += provision.lots


def add_candles(rows: Rows, effects: Effects, before: Sequence[int], *, is_binary: bool) -> None:
    """Fold a command into this batch's candle of each outcome that it traded or moved."""
    prices = effects.prices
    for outcome in range(1 if is_binary else len(prices)):
        if before and before[outcome] != prices[outcome]:
            _fold(rows, outcome, prices[outcome], 0, 0)
    for fill in effects.fills:
        _fold(rows, fill.outcome, prices[fill.outcome], fill.cost, 1)


def _fold(rows: Rows, outcome: int, price: int, volume: int, trades: int) -> None:
    candle = rows.candles.get(outcome)
    if candle is None:
        rows.candles[outcome] = [price, price, price, price, volume, trades]
        return
    candle[1] = max(candle[1], price)
    candle[2] = min(candle[2], price)
    candle[3] = price
    candle[4] += volume
    candle[5] += trades


def order_rows(rows: Rows) -> list[tuple[Any, ...]]:
    return [_order_row(view, key, seq) for view, key, seq in rows.new_orders.values()]


def _order_row(view: OrderView, client_order_id: str, seq: int) -> tuple[Any, ...]:
    spec = view.spec
    return (
        view.order_id, view.user_id, client_order_id, spec.outcome, spec.side, spec.type,
        spec.time_in_force, spec.price, view.quantity, spec.cost_max, spec.post_only,
        spec.self_trade_policy, spec.valid_until.isoformat() if spec.valid_until else None,
        view.filled, view.cost, view.fee, view.hold_cash, view.hold_shares, view.status, seq,
    )  # fmt: skip


def old_order_rows(rows: Rows) -> list[tuple[Any, ...]]:
    return [
        (v.order_id, v.filled, v.cost, v.fee, v.hold_cash, v.hold_shares, v.status) for v in rows.old_orders.values()
    ]


def position_rows(rows: Rows, state: MarketState) -> list[tuple[Any, ...]]:
    """One row for each holding that changed, as it is now; the maker rule's follow from its quantities."""
    top = max(state.maker_quantities)
    result: list[tuple[Any, ...]] = []
    for (party, outcome), cost in rows.holdings.items():
        if party == MAKER:
            result.append((None, outcome, top - state.maker_quantities[outcome], 0, 0))
            continue
        holding = state.holdings.get((party, outcome))
        quantity, held = (holding.quantity, holding.held) if holding else (0, 0)
        result.append((party, outcome, quantity, held, cost))
    return result


def provision_rows(rows: Rows, state: MarketState) -> list[tuple[int, int, int]]:
    """Whose part of the maker rule changed, with their lots of b as they are now."""
    return [(user_id, state.providers.get(user_id, 0), cost) for user_id, cost in rows.provisions.items()]


def account_rows(rows: Rows) -> list[tuple[int, int, int, int, int]]:
    """By account id, which is the order in which PostgreSQL locks them."""
    return sorted([(b.account_id, b.cash, b.held, *b.read) for b in rows.touched.values()])
