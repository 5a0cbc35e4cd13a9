"""One match pass: a taker walks the better of the book and the maker rule at every step.

Contract   Reads the state, changes nothing: what it finds is a plan of steps in the taker's asked view.
           While the rule's marginal price is better than the best resting price, the taker takes from
           the rule, in closed form, up to the nearer of that price and their limit; then the level, by
           order id; and so on. Limit inclusive.
Invariant  ``sum(step.quantity) + remaining`` is the quantity asked; no step is worse than the limit,
           and with a budget the costs and fees of the steps stay within it.
Bound      At most STEPS_MAX resting orders; what would cross beyond that is cancelled, never stored.
"""

from enum import Enum
from typing import Final, NamedTuple

from common.money import PRICE_SCALE, QUANTITY_LOTS_MAX
from trading.engine import lmsr
from trading.engine.book import RestingOrder
from trading.engine.fees import FEE_SCALE, exact_fee, exact_fee_of_cost, rounded_up
from trading.engine.mirror import booked_outcome, is_mirrored
from trading.engine.reducing import reducible
from trading.engine.state import MarketState
from trading.types import OrderSpec, OrderType, SelfTradePolicy, Side

STEPS_MAX: Final = 10_000


class Stop(Enum):
    """Why a pass ended while something remained."""

    BUDGET = "budget"
    PROCEEDS = "proceeds"
    SELF_TRADE = "self_trade"
    STEPS = "steps"


class Step(NamedTuple):
    """``order`` is ``None`` for the maker rule; a quantity of 0 cancels the order: the taker's own, or one that only
    reduces what steps before have sold already."""

    order: RestingOrder | None
    quantity: int
    cost: int
    fee: int


class MatchPass:
    """A taker on their way; after ``run`` the plan and its totals."""

    __slots__ = (
        "_exact_fee",
        "_is_buy",
        "_is_mirrored",
        "_limit",
        "_q",
        "_reduced",
        "_rules",
        "_state",
        "_user_id",
        "budget",
        "cost",
        "fee",
        "goal",
        "remaining",
        "spec",
        "steps",
        "stop",
    )

    def __init__(self, state: MarketState, user_id: int, spec: OrderSpec) -> None:
        rules = state.rules
        self._state, self._rules, self.spec, self._user_id = state, rules, spec, user_id
        self._is_buy = spec.side is Side.BUY
        self._is_mirrored = is_mirrored(rules, spec.outcome)
        self._limit = spec.price or (PRICE_SCALE - 1 if self._is_buy else 1)
        self._q: list[int] = state.maker_quantities
        self._exact_fee = 0
        self.budget = spec.cost_max if spec.type is OrderType.MARKET else None
        self.goal = spec.proceeds_min
        self.remaining = spec.quantity or QUANTITY_LOTS_MAX // rules.lot * rules.lot
        if spec.reduce_only or self.goal is not None:
            self.remaining = reducible(state, user_id, spec)
        #: What the steps have sold of shares that reduce-only orders would sell, by (user id, outcome).
        self._reduced: dict[tuple[int, int], int] | None = {} if state.reducing else None
        self.steps: list[Step] = []
        self.stop: Stop | None = None
        self.cost = 0
        self.fee = 0

    @property
    def filled(self) -> int:
        return sum(step.quantity for step in self.steps)

    def run(self) -> "MatchPass":
        """Walk until nothing remains, the limit or budget is reached, or a rule stops the taker."""
        book = self._state.books[booked_outcome(self._rules, self.spec.outcome)]
        against = book.asks if self._is_buy is not self._is_mirrored else book.bids
        for level in against.best_first():
            price = PRICE_SCALE - level.price if self._is_mirrored else level.price
            if price > self._limit if self._is_buy else price < self._limit:
                break
            self._take_rule(price)
            if self._is_done():
                return self
            for order in level.orders.values():
                self._take_order(order, price)
                if self._is_done():
                    return self
        self._take_rule(self._limit)
        return self

    def _is_done(self) -> bool:
        return self.remaining == 0 or self.stop is not None

    def _take_order(self, order: RestingOrder, price: int) -> None:
        if order.user_id == self._user_id:
            self._meet_own(order)
            return
        if len(self.steps) >= STEPS_MAX:
            self.stop = Stop.STEPS
            return
        quantity = min(self.remaining, order.quantity - order.filled)
        if self._reduced is not None and order.spec.reduce_only:
            quantity = min(quantity, self._left_to_reduce(order))
            if not quantity:
                self.steps.append(Step(order, 0, 0, 0))
                return
        if self.budget is not None:
            quantity = min(quantity, self._affordable(price, quantity))
        elif self.goal is not None:
            quantity = self._needed(price, quantity)
        if quantity:
            if self._reduced is not None and order.spec.reduce_only:
                self._reduced[order.user_id, order.spec.outcome] += quantity
            bps = self._rules.taker_fee_bps
            self._add(order, quantity, price * quantity, exact_fee(bps, price, quantity) if bps else 0)

    def _left_to_reduce(self, order: RestingOrder) -> int:
        assert self._reduced is not None
        key = (order.user_id, order.spec.outcome)
        return self._state.free_shares(*key) - self._reduced.setdefault(key, 0)

    def _meet_own(self, order: RestingOrder) -> None:
        if self.spec.self_trade_policy is SelfTradePolicy.CANCEL_NEWEST:
            self.stop = Stop.SELF_TRADE
        else:
            self.steps.append(Step(order, 0, 0, 0))

    def _take_rule(self, target: int) -> None:
        """Take from the rule until its marginal price reaches ``target``, by whole lots of the grid."""
        b = self._rules.liquidity
        if not b:
            return
        distance = lmsr.lots_to_price(self._q, b, self.spec.outcome, target)
        quantity = min(distance if self._is_buy else -distance, self.remaining)
        quantity -= quantity % self._rules.lot
        if quantity <= 0:
            return
        if self.budget is not None:
            quantity = self._affordable_of_rule(quantity)
        elif self.goal is not None:
            quantity = self._needed_of_rule(quantity)
        cost = self._rule_cost(quantity)
        # Rounding can make a few lots dearer than the level behind them: then the level is better.
        if quantity and (cost <= target * quantity if self._is_buy else cost >= target * quantity):
            self._move_rule(quantity)
            self._add(None, quantity, cost, self._rule_fee(cost, quantity))
        elif self.stop is Stop.PROCEEDS:
            # What would have reached the goal isn't taken.
            self.stop = None

    def _rule_cost(self, quantity: int) -> int:
        """What the rule takes for a purchase, or gives for a sale."""
        sign = 1 if self._is_buy else -1
        return sign * lmsr.cost_of(self._q, self._rules.liquidity, self.spec.outcome, sign * quantity)

    def _rule_fee(self, cost: int, quantity: int) -> int:
        bps = self._rules.taker_fee_bps
        return exact_fee_of_cost(bps, cost, quantity) if bps else 0

    def _move_rule(self, quantity: int) -> None:
        moved = list(self._q)
        moved[self.spec.outcome] += quantity if self._is_buy else -quantity
        self._q = moved

    def _add(self, order: RestingOrder | None, quantity: int, cost: int, exact: int) -> None:
        self._exact_fee += exact
        fee = rounded_up(self._exact_fee) - self.fee if exact else 0
        self.steps.append(Step(order, quantity, cost, fee))
        self.remaining -= quantity
        self.cost += cost
        self.fee += fee

    def _affordable(self, price: int, wanted: int) -> int:
        """Lots at one price, of those wanted, that the rest of the budget pays for with their fee."""
        left = ((self.budget or 0) - self.cost) * FEE_SCALE - self._exact_fee
        per_lot = price * FEE_SCALE + exact_fee(self._rules.taker_fee_bps, price, 1)
        lots = left // per_lot
        return self._limited_by_budget(lots, wanted)

    def _limited_by_budget(self, lots: int, wanted: int) -> int:
        if lots >= wanted:
            return wanted
        self.stop = Stop.BUDGET
        return max(lots - lots % self._rules.lot, 0)

    def _affordable_of_rule(self, wanted: int) -> int:
        """The most lots of the rule, of those wanted, that the rest of the budget pays for."""
        if self._is_affordable(wanted):
            return wanted
        lot, left = self._rules.lot, (self.budget or 0) - self.cost - self.fee
        low, high = 0, wanted // lot
        guess, reach = self._rule_lots_for(max(left, 0)) // lot, 1
        while high - low > 1:
            # Close in on the closed form's guess in growing steps, then by halves.
            middle = guess if low < guess < high else (low + high) // 2
            if self._is_affordable(middle * lot):
                low, guess = middle, middle + reach
            else:
                high, guess = middle, middle - reach
            reach *= 4
        return self._limited_by_budget(low * lot, wanted)

    def _rule_lots_for(self, cash: int) -> int:
        """About the lots of the rule that ``cash`` buys with their fee."""
        b, outcome = self._rules.liquidity, self.spec.outcome
        lots = lmsr.lots_for_cash(self._q, b, outcome, cash)
        fee = rounded_up(self._rule_fee(cash, lots)) if lots else 0
        return lmsr.lots_for_cash(self._q, b, outcome, cash * cash // (cash + fee)) if fee > 0 else lots

    def _needed(self, price: int, most: int) -> int:
        """The fewest lots at one price, of at most so many, that bring what the goal lacks with their fee taken off."""
        assert self.goal is not None
        lacking = (self.goal - self.cost) * FEE_SCALE + self._exact_fee
        per_lot = price * FEE_SCALE - exact_fee(self._rules.taker_fee_bps, price, 1)
        lot = self._rules.lot
        lots = -(-lacking // (per_lot * lot)) * lot if per_lot > 0 else most + lot
        return self._reaching(lots, most)

    def _reaching(self, lots: int, most: int) -> int:
        if lots > most:
            return most
        self.stop = Stop.PROCEEDS
        return lots

    def _needed_of_rule(self, most: int) -> int:
        lot = self._rules.lot
        if not self._is_enough(most):
            return most
        low, high = 0, most // lot
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._is_enough(middle * lot) else (middle, high)
        return self._reaching(high * lot, most)

    def _is_enough(self, quantity: int) -> bool:
        """Whether the rule's payment for so many lots reaches the goal."""
        cost = self._rule_cost(quantity)
        fee = rounded_up(self._exact_fee + self._rule_fee(cost, quantity))
        return self.cost + cost - fee >= (self.goal or 0)

    def _is_affordable(self, quantity: int) -> bool:
        cost = self._rule_cost(quantity)
        fee = rounded_up(self._exact_fee + self._rule_fee(cost, quantity))
        return self.cost + cost + fee <= (self.budget or 0)
