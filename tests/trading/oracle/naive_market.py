"""A second implementation of a market, simple enough to be believed by reading.

One list of orders, sorted anew for every step; holds and fees computed from their definitions with
fractions; a refused command puts a snapshot back. It shares no arithmetic with the engine but for the
integers that the maker rule rounds to, which come from ``ReferenceRule`` (decimal, 30 digits).
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from tests.trading.oracle.reference_rule import ReferenceRule
from trading.engine.state import MarketRules
from trading.types import (
    COLLATERAL,
    FEES,
    MAKER,
    AmendOrder,
    CancelOrder,
    Command,
    FillKind,
    MergeSets,
    MintSets,
    OrderSpec,
    OrderType,
    PlaceOrder,
    SelfTradePolicy,
    Side,
    TimeInForce,
)

SWEEPS_MAX = 100
ONE = 10_000


@dataclass
class NaiveOrder:
    order_id: int
    user_id: int
    spec: OrderSpec
    left: int
    filled: int = 0
    cost: int = 0
    fee: int = 0
    is_open: bool = True
    place: int = 0


class Refused(Exception):
    """Carries the code."""


@dataclass
class NaiveMarket:
    rules: MarketRules
    rule: ReferenceRule
    cash: dict[int, int]
    orders: list[NaiveOrder] = field(default_factory=list)
    shares: dict[tuple[int, int], int] = field(default_factory=dict)
    q: list[int] = field(default_factory=list)
    fills: list[tuple[Any, ...]] = field(default_factory=list)
    is_open: bool = True
    seq: int = 0
    swept: int = 0

    # --- what the balances are

    def hold_cash(self, order: NaiveOrder) -> int:
        if order.spec.side is Side.SELL:
            return 0
        assert order.spec.price is not None
        return order.spec.price * order.left + self.maker_fee(order, order.left)

    def held(self, user_id: int) -> int:
        return sum(self.hold_cash(order) for order in self.orders if order.user_id == user_id)

    def available(self, user_id: int) -> int:
        return self.cash.get(user_id, 0) - self.held(user_id)

    def shares_held(self, user_id: int, outcome: int) -> int:
        sells = [o for o in self.orders if o.user_id == user_id and o.spec.side is Side.SELL and o.is_open]
        sells = [order for order in sells if not order.spec.reduce_only]
        return sum(order.left for order in sells if order.spec.outcome == outcome)

    def free_shares(self, user_id: int, outcome: int) -> int:
        return self.shares.get((user_id, outcome), 0) - self.shares_held(user_id, outcome)

    def maker_fee(self, order: NaiveOrder, quantity: int) -> int:
        assert order.spec.price is not None
        return ceil(per_share_fee(self.rules.maker_fee_bps, Fraction(order.spec.price, ONE)) * quantity)

    # --- commands

    def execute(self, command: Command, now: datetime) -> str | None:
        """Carry out a command, or return the code of the refusal and change nothing."""
        before = (
            dict(self.cash),
            [copy(order) for order in self.orders],
            dict(self.shares),
            list(self.q),
        )
        self.fills = []
        try:
            self._dispatch(command, now)
        except Refused as refused:
            self.cash, self.orders, self.shares, self.q = before
            self.fills = []
            return str(refused)
        self._trim()
        # A cancel in a halted or ended market fills nothing.
        if self.is_open and self.rules.liquidity and not self.rules.is_binary:
            self._sweep()
        self.orders = [order for order in self.orders if order.is_open and order.left]
        self.seq += 1
        return None

    def _dispatch(self, command: Command, now: datetime) -> None:
        if isinstance(command, PlaceOrder):
            self._place(command, now)
        elif isinstance(command, CancelOrder):
            mine = [o for o in self.orders if (o.order_id, o.user_id) == (command.order_id, command.user_id)]
            require(bool(mine), "order.not_found")
            mine[0].is_open = False
        elif isinstance(command, AmendOrder):
            self._amend(command)
        else:
            assert isinstance(command, MintSets | MergeSets)
            self._exchange_sets(command)

    def _amend(self, command: AmendOrder) -> None:
        mine = [o for o in self.orders if (o.order_id, o.user_id) == (command.order_id, command.user_id)]
        require(bool(mine), "order.not_found")
        order = mine[0]
        if command.decrease is not None:
            self._check_quantity(command.decrease)
            order.left = max(order.left - command.decrease, 0)
            order.is_open = order.left > 0
            return
        whole = order.filled + order.left if command.quantity is None else command.quantity
        if order.spec.reduce_only:
            whole = min(whole, order.filled + self._free_lots(order.user_id, order.spec.outcome))
        self._check_quantity(whole)
        require(whole > order.filled, "order.amend_invalid")
        price = order.spec.price if command.price is None else command.price
        is_same_price = price == order.spec.price
        require(not is_same_price or whole != order.filled + order.left, "order.amend_invalid")
        if is_same_price and whole < order.filled + order.left:
            order.left = whole - order.filled
            return
        require(self.is_open, "order.market_not_open")
        self._check_price(price)
        order.left = whole - order.filled
        self._walk_again(order, price, command.priority)

    def _walk_again(self, order: NaiveOrder, price: int | None, place: int) -> None:
        """Let an amended order go through the market once more, as if it came now."""
        self.orders.remove(order)
        spec, before = order.spec, (order.filled, order.fee)
        order.spec, order.place = replace(spec, price=price), place
        is_sell = spec.side is Side.SELL
        require(not is_sell or self.free_shares(order.user_id, spec.outcome) >= order.left, "order.insufficient_shares")
        stopped = self._walk(order)
        touched = order.filled > before[0] or stopped or any(not other.is_open for other in self.orders)
        require(not (spec.post_only and touched), "order.would_trade")
        self.orders = [other for other in self.orders if other.is_open and other.left]
        if order.left and not stopped:
            self.orders.append(order)
        require(is_sell or self.available(order.user_id) >= 0, "order.insufficient_funds")

    def _free_lots(self, user_id: int, outcome: int) -> int:
        return self.free_shares(user_id, outcome) // self.rules.lot * self.rules.lot

    def _trim(self) -> None:
        """No reduce-only order is for more than its trader's free shares."""
        for order in self.orders:
            if order.is_open and order.spec.reduce_only:
                order.left = min(order.left, self._free_lots(order.user_id, order.spec.outcome))
                order.is_open = order.left > 0

    def _exchange_sets(self, command: MintSets | MergeSets) -> None:
        require(self.is_open, "order.market_not_open")
        self._check_quantity(command.quantity)
        user_id, sets = command.user_id, command.quantity
        if isinstance(command, MergeSets):
            sets = -sets
            for outcome in range(self.rules.outcomes):
                require(self.free_shares(user_id, outcome) >= command.quantity, "order.insufficient_shares")
        else:
            require(self.available(user_id) >= sets * ONE, "order.insufficient_funds")
        self._pay(user_id, -sets * ONE)
        self._pay(COLLATERAL, sets * ONE)
        for outcome in range(self.rules.outcomes):
            self._give(user_id, outcome, sets)

    def _check_quantity(self, quantity: int | None) -> None:
        require(
            quantity is not None and 0 < quantity <= 10**13 and quantity % self.rules.lot == 0,
            "order.quantity_invalid",
        )

    def _check(self, user_id: int, spec: OrderSpec, now: datetime) -> None:
        is_market = spec.type is OrderType.MARKET
        require(self.is_open, "order.market_not_open")
        require(spec.valid_until is None or spec.valid_until > now, "order.expired")
        require(spec.outcome in range(self.rules.outcomes), "order.outcome_unknown")
        require(is_market or spec.price is not None, "order.price_required")
        is_dated = spec.time_in_force is TimeInForce.GTD
        require(not is_dated or not (is_market or spec.valid_until is None), "order.expiry_invalid")
        may_rest = not is_market and spec.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
        require(not spec.post_only or may_rest, "order.post_only_invalid")
        is_budget_fine = is_market and spec.side is Side.BUY and 0 < (spec.cost_max or 0) <= 10**18
        require(spec.cost_max is None or is_budget_fine, "order.cost_max_invalid")
        is_sell = spec.side is Side.SELL
        require(is_sell or not spec.reduce_only, "order.reduce_only_invalid")
        is_goal_fine = is_market and is_sell and 0 < (spec.proceeds_min or 0) <= 10**18
        require(spec.proceeds_min is None or is_goal_fine, "order.proceeds_min_invalid")
        self._check_price(spec.price)
        if spec.quantity is not None or (spec.cost_max is None and spec.proceeds_min is None):
            self._check_quantity(spec.quantity)
        if spec.reduce_only or spec.proceeds_min is not None:
            require(self.free_shares(user_id, spec.outcome) >= self.rules.lot, "order.insufficient_shares")
        elif spec.side is Side.SELL:
            require(self.free_shares(user_id, spec.outcome) >= (spec.quantity or 0), "order.insufficient_shares")

    def _check_price(self, price: int | None) -> None:
        if price is not None:
            require(1 <= price <= 9_999, "order.price_out_of_range")
            require(price % self.rules.tick == 0, "order.price_off_grid")

    def _place(self, command: PlaceOrder, now: datetime) -> None:
        spec, user_id = command.spec, command.user_id
        self._check(user_id, spec, now)
        wanted = spec.quantity or 10**13 // self.rules.lot * self.rules.lot
        if spec.reduce_only or spec.proceeds_min is not None:
            wanted = min(wanted, self._free_lots(user_id, spec.outcome))
        taker = NaiveOrder(command.order_id, user_id, spec, wanted, place=command.order_id)
        stopped = self._walk(taker)
        only_budget = stopped == "budget" and spec.quantity is None
        touched = taker.filled or stopped or any(not order.is_open for order in self.orders)
        require(not (spec.post_only and touched), "order.would_trade")
        if spec.time_in_force is TimeInForce.FOK:
            require(taker.left == 0 or only_budget or stopped == "proceeds", "order.not_filled")
        require(spec.proceeds_min is None or stopped == "proceeds", "order.proceeds_not_reached")
        require(spec.type is OrderType.LIMIT or taker.filled > 0, "order.no_liquidity")
        self.orders = [order for order in self.orders if order.is_open and order.left]
        may_rest = spec.type is OrderType.LIMIT and spec.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
        if taker.left and not stopped and may_rest:
            self.orders.append(taker)
        require(spec.side is Side.SELL or self.available(user_id) >= 0, "order.insufficient_funds")

    # --- the walk

    def _walk(self, taker: NaiveOrder) -> str | None:
        """Take from the better of book and rule until done; returns what stopped it early, if anything."""
        is_buy = taker.spec.side is Side.BUY
        worst = taker.spec.price or (9_999 if is_buy else 1)
        # An amended order has paid fees before.
        fees = [Fraction(taker.fee)]
        while taker.left:
            order = self._best_against(taker, worst)
            if self._walk_rule(taker, self._price_for(taker, order) if order else worst, fees):
                return "budget"
            if self._is_enough(taker):
                return "proceeds"
            if order is None or not taker.left:
                return None
            if order.user_id != taker.user_id:
                if self._walk_order(taker, order, fees):
                    return "budget"
                if self._is_enough(taker):
                    return "proceeds"
            elif taker.spec.self_trade_policy is SelfTradePolicy.CANCEL_NEWEST:
                return "self_trade"
            else:
                order.is_open = False
        return None

    def _walk_rule(self, taker: NaiveOrder, target: int, fees: list[Fraction]) -> bool:
        """Trade with the rule up to the target price; tells whether the budget ended it."""
        spec, is_buy, is_cut = taker.spec, taker.spec.side is Side.BUY, False
        size = self._rule_lots(spec.outcome, is_buy, target, taker.left)
        if size and spec.cost_max is not None:
            size, is_cut = self._rule_lots_in_budget(taker, size, sum(fees))
        if size and spec.proceeds_min is not None:
            size = self._fewest(taker, size, lambda lots: self._rule_takings(taker, lots, sum(fees)))
        cost = self._rule_cost(spec.outcome, is_buy, size) if size else 0
        if size and (cost <= target * size if is_buy else cost >= target * size):
            fees.append(self._rule_fee(cost, size))
            self._trade_with_rule(taker, size, cost, ceil(sum(fees)) - taker.fee)
        return is_cut

    def _walk_order(self, taker: NaiveOrder, order: NaiveOrder, fees: list[Fraction]) -> bool:
        """Trade with one resting order; tells whether the budget ended it."""
        price, size, is_cut = self._price_for(taker, order), min(taker.left, order.left), False
        if order.spec.reduce_only:
            size = min(size, self.free_shares(order.user_id, order.spec.outcome))
            order.is_open = size > 0
        fee = per_share_fee(self.rules.taker_fee_bps, Fraction(price, ONE))
        if taker.spec.cost_max is not None:
            affordable = floor((taker.spec.cost_max - taker.cost - sum(fees)) / (price + fee))
            if affordable < size:
                size, is_cut = max(affordable - affordable % self.rules.lot, 0), True
        if size and taker.spec.proceeds_min is not None:
            size = self._fewest(taker, size, lambda lots: price * lots - ceil(sum(fees) + fee * lots) + taker.fee)
        if size:
            fees.append(fee * size)
            self._trade(taker, order, size, price, ceil(sum(fees)) - taker.fee)
        return is_cut

    def _is_enough(self, taker: NaiveOrder) -> bool:
        goal = taker.spec.proceeds_min
        return goal is not None and taker.cost - taker.fee >= goal

    def _rule_takings(self, taker: NaiveOrder, lots: int, fee: Fraction | int) -> int:
        cost = self.rule.proceeds(self.q, taker.spec.outcome, lots)
        return cost - ceil(fee + self._rule_fee(cost, lots)) + taker.fee

    def _fewest(self, taker: NaiveOrder, most: int, takings: Callable[[int], int]) -> int:
        """The fewest lots on the grid with which the goal is reached, all if none is enough."""
        assert taker.spec.proceeds_min is not None
        lacking, lot = taker.spec.proceeds_min - taker.cost + taker.fee, self.rules.lot
        low, high = 0, most // lot
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if takings(middle * lot) >= lacking else (middle, high)
        return high * lot

    def _price_for(self, taker: NaiveOrder, order: NaiveOrder) -> int:
        """The order's price in the words of the taker: per share of the outcome the taker named."""
        assert order.spec.price is not None
        return order.spec.price if order.spec.outcome == taker.spec.outcome else ONE - order.spec.price

    def _best_against(self, taker: NaiveOrder, worst: int) -> NaiveOrder | None:
        is_buy = taker.spec.side is Side.BUY
        against = [order for order in self.orders if order.is_open and order.left and self._is_against(taker, order)]
        within = [
            o for o in against if (self._price_for(taker, o) <= worst) == is_buy or self._price_for(taker, o) == worst
        ]
        sign = 1 if is_buy else -1
        return min(within, key=lambda o: (sign * self._price_for(taker, o), o.place), default=None)

    def _is_against(self, taker: NaiveOrder, order: NaiveOrder) -> bool:
        if order.spec.outcome == taker.spec.outcome:
            return order.spec.side is not taker.spec.side
        return self.rules.is_binary and order.spec.side is taker.spec.side

    def _trade(self, taker: NaiveOrder, maker: NaiveOrder, size: int, price: int, taker_fee: int) -> None:
        maker_fee = self.maker_fee(maker, maker.left) - self._fee_left(maker, size)
        if taker.spec.outcome == maker.spec.outcome:
            kind = FillKind.TRANSFER
        elif taker.spec.side is Side.BUY:
            kind = FillKind.MINT
        else:
            kind = FillKind.MERGE
        sets = {FillKind.TRANSFER: 0, FillKind.MINT: size, FillKind.MERGE: -size}[kind]
        self._pay(COLLATERAL, sets * ONE)
        maker_price = price if kind is FillKind.TRANSFER else ONE - price
        self._settle(taker, size, price * size, taker_fee)
        self._settle(maker, size, maker_price * size, maker_fee)
        yes = ONE - price if self._is_mirrored(taker) else price
        self._note(kind, taker, yes, size, yes * size, taker_fee, (maker.order_id, maker.user_id, maker_fee))

    def _fee_left(self, order: NaiveOrder, size: int) -> int:
        return self.maker_fee(order, order.left - size)

    def _is_mirrored(self, order: NaiveOrder) -> bool:
        return self.rules.is_binary and order.spec.outcome == 1

    def _note(
        self, kind: FillKind, taker: NaiveOrder, price: int, size: int, cost: int, fee: int, maker: tuple[object, ...]
    ) -> None:
        side = taker.spec.side.opposite if self._is_mirrored(taker) else taker.spec.side
        outcome = 0 if self.rules.is_binary else taker.spec.outcome
        self.fills.append((kind, outcome, side, price, size, cost, taker.order_id, taker.user_id, fee, *maker))

    def _settle(self, order: NaiveOrder, size: int, cost: int, fee: int) -> None:
        sign = 1 if order.spec.side is Side.BUY else -1
        order.left -= size
        order.filled += size
        order.cost += cost
        order.fee += fee
        self._pay(order.user_id, -sign * cost - fee)
        self._pay(FEES, fee)
        self._give(order.user_id, order.spec.outcome, sign * size)

    # --- the maker rule

    def _rule_lots(self, outcome: int, is_buy: bool, target: int, wanted: int) -> int:
        if not self.rules.liquidity:
            return 0
        lots = self.rule.lots_to_price(self.q, outcome, target)
        lots = min(lots if is_buy else -lots, wanted)
        return max(lots // self.rules.lot * self.rules.lot, 0)

    def _rule_cost(self, outcome: int, is_buy: bool, size: int) -> int:
        return self.rule.cost_of_buy(self.q, outcome, size) if is_buy else self.rule.proceeds(self.q, outcome, size)

    def _rule_fee(self, cost: int, size: int) -> Fraction:
        exact = per_share_fee(self.rules.taker_fee_bps, Fraction(cost, size * ONE)) * size
        return Fraction(ceil(exact * 10**8), 10**8)

    def _rule_lots_in_budget(self, taker: NaiveOrder, wanted: int, fee: Fraction | int) -> tuple[int, bool]:
        """The largest multiple of the lot whose cost and fee the rest of the budget pays, by halving."""
        assert taker.spec.cost_max is not None
        lot, left = self.rules.lot, taker.spec.cost_max - taker.cost

        def fits(size: int) -> bool:
            cost = self.rule.engine_cost_of_buy(self.q, taker.spec.outcome, size)
            return cost + ceil(fee + self._rule_fee(cost, size)) <= left

        if fits(wanted):
            return wanted, False
        low, high = 0, wanted // lot
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle * lot) else (low, middle)
        return low * lot, True

    def _trade_with_rule(self, taker: NaiveOrder, size: int, cost: int, fee: int) -> None:
        sign = 1 if taker.spec.side is Side.BUY else -1
        sets = -max(self.q)
        self.q[taker.spec.outcome] += sign * size
        sets += max(self.q)
        self._pay(MAKER, sign * cost - sets * ONE)
        self._pay(COLLATERAL, sets * ONE)
        self._settle(taker, size, cost, fee)
        for outcome in range(self.rules.outcomes):
            self.shares[MAKER, outcome] = max(self.q) - self.q[outcome]
        price = floor(Fraction(cost, size) + Fraction(1, 2))
        if self._is_mirrored(taker):
            price, cost = ONE - price, size * ONE - cost
        self._note(FillKind.RULE, taker, price, size, cost, fee, (None, MAKER, 0))

    def _sweep(self) -> None:
        """Fill resting orders that the rule has come to cross: outcome by outcome, bids first, in rounds."""
        own, self.fills = self.fills, []
        done = 0
        moved = True
        while moved:
            moved = False
            for outcome in range(self.rules.outcomes):
                for side in (Side.BUY, Side.SELL):
                    while done < SWEEPS_MAX and self._sweep_best(outcome, side):
                        done += 1
                        moved = True
        self.swept = done
        self.fills = own + joined(self.fills)

    def _sweep_best(self, outcome: int, side: Side) -> bool:
        is_buy = side is Side.BUY
        sign = -1 if is_buy else 1
        resting = [o for o in self.orders if o.is_open and o.left and o.spec.outcome == outcome and o.spec.side is side]
        if not resting:
            return False
        order = min(resting, key=lambda o: (sign * (o.spec.price or 0), o.place))
        assert order.spec.price is not None
        size = self._rule_lots(outcome, is_buy, order.spec.price, order.left)
        if not size:
            return False
        cost = self._rule_cost(outcome, is_buy, size)
        if cost > order.spec.price * size if is_buy else cost < order.spec.price * size:
            return False
        fee = self.maker_fee(order, order.left) - self._fee_left(order, size)
        self._trade_with_rule(order, size, cost, fee)
        self._trim()
        return True

    def _pay(self, party: int, amount: int) -> None:
        self.cash[party] = self.cash.get(party, 0) + amount

    def _give(self, user_id: int, outcome: int, quantity: int) -> None:
        self.shares[user_id, outcome] = self.shares.get((user_id, outcome), 0) + quantity


def joined(fills: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """One fill for all the steps of an order: fields 3, 4, 5, 8 are price, size, cost, fee; 6 is the order."""
    result = []
    for order_id in dict.fromkeys(fill[6] for fill in fills):
        steps = [fill for fill in fills if fill[6] == order_id]
        size, cost, fee = (sum(fill[i] for fill in steps) for i in (4, 5, 8))
        price = floor(Fraction(cost, size) + Fraction(1, 2))
        result.append((*steps[0][:3], price, size, cost, *steps[0][6:8], fee, *steps[0][9:]))
    return result


@cache
def per_share_fee(bps: int, price: Fraction) -> Fraction:
    """Fee in cash units per lot: ``rate x p x (1 - p)`` of the payout."""
    return Fraction(bps, 10_000) * price * (1 - price) * ONE


def require(is_met: bool, code: str) -> None:
    if not is_met:
        raise Refused(code)
