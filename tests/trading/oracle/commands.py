"""Random commands, mostly sensible and now and then wrong in every way that has a code."""

import random
from datetime import UTC, datetime, timedelta

from trading.engine.state import MarketRules, MarketState, RestingOrder
from trading.types import (
    AmendOrder,
    CancelOrder,
    Command,
    MergeSets,
    MintSets,
    OrderSpec,
    OrderType,
    PlaceOrder,
    SelfTradePolicy,
    Side,
    TimeInForce,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TRADERS = (1, 2, 3, 4, 5)
FUNDS = {1: 10**13, 2: 10**13, 3: 10**12, 4: 10**11, 5: 10**9}
SPOILT_PRICES = (0, -1, 10_000, 10**9)
SPOILT_QUANTITIES = (0, -5, 10**13 + 100, None)


class CommandSource:
    """A seeded stream that looks at the state to aim near the price and at orders that are open."""

    def __init__(self, seed: int, state: MarketState, *, plain: bool = False) -> None:
        """``plain``: no amends, and no orders that follow the free shares."""
        self.plain = plain
        self.chance = random.Random(seed)
        self.state = state
        self.order_id = 0

    def next(self) -> Command:
        chance, kind = self.chance, self.chance.random()
        user_id = chance.choice(TRADERS)
        if kind < 0.16:
            return self._cancel(user_id)
        if kind < 0.20 and not self.plain:
            return self._amend(user_id)
        if kind < 0.22:
            return MintSets(user_id, self._size())
        if kind < 0.25:
            return MergeSets(user_id, self._size())
        self.order_id += chance.randint(1, 3)
        return PlaceOrder(user_id, self._spec(user_id), f"c-{self.order_id}", b"\x01", self.order_id)

    def _cancel(self, user_id: int) -> Command:
        orders = list(self.state.orders.values())
        if not orders or self.chance.random() < 0.1:
            return CancelOrder(user_id, self.chance.randint(0, self.order_id + 1))
        order = self.chance.choice(orders)
        return CancelOrder(order.user_id if self.chance.random() < 0.95 else user_id, order.order_id)

    def _amend(self, user_id: int) -> Command:
        """New terms, mostly for an order of one's own that is open."""
        chance = self.chance
        self.order_id += 1
        orders = list(self.state.orders.values())
        if not orders or chance.random() < 0.05:
            return AmendOrder(user_id, chance.randint(0, self.order_id), price=5_000, priority=self.order_id)
        order = chance.choice(orders)
        owner = order.user_id if chance.random() < 0.97 else user_id
        terms = {"decrease": self._size()} if chance.random() < 0.3 else self._new_terms(order)
        return AmendOrder(owner, order.order_id, **terms, priority=self.order_id)

    def _new_terms(self, order: RestingOrder) -> dict[str, int | None]:
        chance = self.chance
        price = self._price(OrderType.LIMIT, order.spec.outcome) if chance.random() < 0.6 else None
        quantity = None
        if price is None or chance.random() < 0.4:
            quantity = chance.choice((order.quantity, order.filled, order.filled + self._size(), self._size()))
        return {"price": price, "quantity": quantity}

    def _spec(self, user_id: int) -> OrderSpec:
        chance, rules = self.chance, self.state.rules
        outcome = chance.randrange(rules.outcomes) if chance.random() < 0.99 else rules.outcomes
        side = self._side(user_id, outcome)
        kind = OrderType.MARKET if chance.random() < 0.2 else OrderType.LIMIT
        quantity, cost_max = self._amount(kind, side)
        is_sell = side is Side.SELL
        proceeds_min = self._proceeds(kind, side)
        if proceeds_min is not None and chance.random() < 0.7:
            quantity = None
        time = chance.choices((TimeInForce.GTC, TimeInForce.GTD, TimeInForce.IOC, TimeInForce.FOK), (7, 1, 1, 1))[0]
        return OrderSpec(
            rules.market_id,
            outcome,
            side,
            kind,
            time,
            self._price(kind, outcome),
            quantity,
            cost_max,
            post_only=chance.random() < 0.08,
            self_trade_policy=chance.choice(list(SelfTradePolicy)),
            valid_until=self._valid_until(0.8 if time is TimeInForce.GTD else 0.05),
            proceeds_min=proceeds_min,
            reduce_only=not self.plain and chance.random() < (0.35 if is_sell else 0.01),
        )

    def _proceeds(self, kind: OrderType, side: Side) -> int | None:
        chance = self.chance
        if not self.plain and chance.random() < (0.4 if kind is OrderType.MARKET and side is Side.SELL else 0.01):
            return chance.choice((3, 10**4, 10**7, 10**9, 10**10)) * chance.randint(0, 9)
        return None

    def _side(self, user_id: int, outcome: int) -> Side:
        holding = self.state.holdings.get((user_id, outcome))
        has_shares = holding is not None and holding.quantity > holding.held
        return self.chance.choices((Side.BUY, Side.SELL), (1, 1) if has_shares else (19, 1))[0]

    def _amount(self, kind: OrderType, side: Side) -> tuple[int | None, int | None]:
        chance = self.chance
        if chance.random() < 0.01:
            return chance.choice(SPOILT_QUANTITIES), chance.choice((None, None, 0, -1, 5, 10**19))
        if kind is OrderType.MARKET and side is Side.BUY and chance.random() < 0.6:
            cost_max = chance.choice((3, 10**4, 10**7, 10**9, 10**10)) * chance.randint(1, 9)
            return (self._size() if chance.random() < 0.2 else None), cost_max
        return self._size(), None

    def _size(self) -> int:
        chance, lot = self.chance, self.state.rules.lot
        size = chance.choice((1, 100, 5_000, 50_000, 1_000_000)) * chance.randint(1, 9)
        return size if chance.random() < 0.02 else max(size // lot, 1) * lot

    def _price(self, kind: OrderType, outcome: int) -> int | None:
        chance, rules = self.chance, self.state.rules
        if (kind is OrderType.MARKET and chance.random() < 0.7) or chance.random() < 0.005:
            return None
        if chance.random() < 0.01:
            return chance.choice(SPOILT_PRICES)
        price = self._middle(outcome) + chance.randint(-6, 6) * chance.choice((1, 20, 200))
        price = min(max(price, 1), 9_999)
        return price if chance.random() < 0.01 else min(max(price // rules.tick, 1) * rules.tick, 10_000 - rules.tick)

    def _middle(self, outcome: int) -> int:
        rules = self.state.rules
        outcome = min(outcome, rules.outcomes - 1)
        last = self.state.last_prices[0 if rules.is_binary else outcome]
        last = last if last is not None else 10_000 // rules.outcomes
        return 10_000 - last if rules.is_binary and outcome == 1 else last

    def _valid_until(self, share: float) -> datetime | None:
        return NOW + timedelta(seconds=self.chance.choice((-1, 0, 1, 1, 1))) if self.chance.random() < share else None


def rules_of(seed: int) -> MarketRules:
    """Eight kinds of market in turn, each with fees and grids of its own."""
    chance = random.Random(seed)
    outcomes, is_binary = ((2, True), (2, True), (3, False), (5, False))[seed % 4]
    return MarketRules(
        market_id=1,
        outcomes=outcomes,
        is_binary=is_binary,
        liquidity=chance.choice((50_000, 1_000_000, 10_000_000)) if seed % 8 < 5 else 0,
        taker_fee_bps=chance.choice((0, 0, 35, 700, 10_000)),
        maker_fee_bps=chance.choice((0, 0, 25, 300, 10_000)),
        tick=chance.choice((1, 1, 100)),
        lot=chance.choice((1, 1, 100)),
    )
