"""Liquidity of the maker rule: what providers can lose, what they can take, and prices that stay."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BINARY, BOB, CREDIT, NOW, SHARE, YES, Desk
from tests.trading.oracle.reference_rule import CONTEXT
from trading.engine import lmsr
from trading.engine.apply import apply
from trading.engine.follow import apply_record
from trading.engine.journal import to_record
from trading.engine.liquidity import claims
from trading.engine.replay import digest
from trading.engine.settlement import settle
from trading.engine.state import MarketRules, new_state
from trading.types import (
    COLLATERAL,
    FEES,
    MAKER,
    AddLiquidity,
    Command,
    Effects,
    MergeSets,
    OrderSpec,
    OrderType,
    PlaceOrder,
    Refusal,
    Side,
    TimeInForce,
    WithdrawLiquidity,
)

B = 100 * SHARE
TRADERS = (1, 2, 3)
FUNDS = 10**14


def desk(**changes: object) -> Desk:
    return Desk(BINARY, liquidity=B, **changes)


def test_at_equal_prices_a_provider_pays_the_subsidy_of_what_they_add() -> None:
    market = desk()
    effects = market.do(AddLiquidity(ALICE, B))
    assert effects.cash == {ALICE: -lmsr.subsidy(B, 2), MAKER: lmsr.subsidy(B, 2)}
    assert (effects.shares, effects.prices) == ({}, (500_000, 500_000))
    assert (market.state.rules.liquidity, market.state.providers) == (2 * B, {ALICE: B})


def test_a_provider_keeps_the_shares_that_the_rule_does_not_need() -> None:
    market = desk()
    market.buy(BOB, YES, None, 50 * SHARE)
    effects = market.do(AddLiquidity(ALICE, B))
    # The rule has sold 50 of yes and owns 50 of no; with twice the b it owns 100 of no.
    assert effects.shares == {(ALICE, 0): 50 * SHARE, (MAKER, 1): 50 * SHARE}
    assert effects.cash[COLLATERAL] == 50 * CREDIT
    assert market.state.maker_quantities == [50 * SHARE, -50 * SHARE]
    assert effects.prices == (622_459, 377_541)


def test_whoever_adds_and_withdraws_at_once_has_complete_sets_for_what_they_paid() -> None:
    market = desk()
    market.buy(BOB, YES, None, 50 * SHARE)
    paid = -market.do(AddLiquidity(ALICE, 30 * SHARE)).cash[ALICE]
    back = market.do(WithdrawLiquidity(ALICE, 30 * SHARE)).cash[ALICE]
    assert market.shares(ALICE) == [15 * SHARE, 15 * SHARE]
    back += market.merge(ALICE, 15 * SHARE).cash[ALICE]
    assert paid - 2 <= back <= paid
    assert (market.state.rules.liquidity, market.state.providers) == (B, {})


def test_deeper_liquidity_makes_the_same_trade_cheaper() -> None:
    shallow, deep = desk(), desk()
    deep.do(AddLiquidity(ALICE, 9 * B))
    costs = [-one.buy(BOB, YES, None, 50 * SHARE).cash[BOB] for one in (shallow, deep)]
    assert costs == [2_809_298_037, 2_531_246_747]


@pytest.mark.parametrize(
    ("liquidity", "command", "code", "pointer"),
    [
        (0, AddLiquidity(ALICE, SHARE), "liquidity.no_maker_rule", None),
        (B, AddLiquidity(ALICE, 0), "order.quantity_invalid", "/quantity"),
        (B, AddLiquidity(ALICE, 10**12), "liquidity.too_much", "/quantity"),
        (B, AddLiquidity(ALICE, 10**6 * SHARE), "order.insufficient_funds", "/quantity"),
        (B, WithdrawLiquidity(ALICE, SHARE), "liquidity.not_provided", "/quantity"),
    ],
)
def test_refusals_change_nothing(liquidity: int, command: Command, code: str, pointer: str | None) -> None:
    refusal = Desk(BINARY, liquidity=liquidity).refused(command)
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_only_what_one_provides_can_be_withdrawn() -> None:
    market = desk()
    market.do(AddLiquidity(ALICE, B))
    assert market.refused(WithdrawLiquidity(BOB, SHARE)).code == "liquidity.not_provided"
    assert market.refused(WithdrawLiquidity(ALICE, B + 1)).extra == {"available": "100", "required": "100.0001"}


def test_a_closed_market_keeps_its_liquidity() -> None:
    market = desk()
    market.do(AddLiquidity(ALICE, B))
    market.state.is_open = False
    for command in (AddLiquidity(ALICE, SHARE), WithdrawLiquidity(ALICE, SHARE)):
        assert market.refused(command).code == "order.market_not_open"


def test_claims_are_rounded_down() -> None:
    assert claims(100, [(1, 1), (2, 1), (3, 0)], 3) == {1: 33, 2: 33}


# --- properties over whole histories


@dataclass
class Site:
    """A market with everybody's cash and shares added up from effects."""

    rules: MarketRules
    cash: dict[int, int] = field(default_factory=dict)
    shares: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = new_state(self.rules)
        self.subsidy = lmsr.subsidy(self.rules.liquidity, self.rules.outcomes)
        self.cash = dict.fromkeys(TRADERS, FUNDS) | {MAKER: self.subsidy, COLLATERAL: 0, FEES: 0}
        self.copy = new_state(self.rules)
        self.order_id = 0

    def apply(self, command: Command) -> Effects | None:
        funds = {trader: self.cash[trader] for trader in TRADERS}
        effects = apply(self.state, command, funds, NOW)
        if isinstance(effects, Refusal):
            return None
        for party, amount in effects.cash.items():
            self.cash[party] += amount
        for key, lots in effects.shares.items():
            self.shares[key] = self.shares.get(key, 0) + lots
        # A process that only reads the journal comes to the same state.
        apply_record(self.copy, orjson.loads(orjson.dumps(to_record(effects))))
        assert digest(self.copy) == digest(self.state)
        assert self.copy.maker_cash == self.state.maker_cash == self.cash[MAKER]
        return effects

    def owned(self) -> list[int]:
        top = max(self.state.maker_quantities)
        return [top - lots for lots in self.state.maker_quantities]

    def check(self) -> None:
        assert sum(self.cash.values()) == len(TRADERS) * FUNDS + self.subsidy
        assert [self.shares.get((MAKER, i), 0) for i in range(self.rules.outcomes)] == self.owned()
        totals = [sum(lots for (_, o), lots in self.shares.items() if o == i) for i in range(self.rules.outcomes)]
        assert len(set(totals)) == 1
        assert self.cash[COLLATERAL] == totals[0] * 10_000
        assert min(self.cash.values()) >= 0
        # The worst loss of the rule from here on is covered by what it has.
        rules = self.state.rules
        assert self.cash[MAKER] >= lmsr.reserve(self.state.maker_quantities, rules.liquidity)
        assert rules.liquidity == self.rules.liquidity + sum(self.state.providers.values())


class Step:
    """One drawn command: who, what and how much of b."""

    def __init__(self, draw: st.DrawFn, site: Site) -> None:
        self.trader = draw(st.sampled_from(TRADERS))
        kind = draw(st.sampled_from(("buy", "buy", "sell", "add", "withdraw", "merge")))
        part = draw(st.floats(0.001, 4))
        lot, b = site.rules.lot, site.state.rules.liquidity
        lots = max(int(part * b) // lot, 1) * lot
        if kind == "add":
            self.command: Command = AddLiquidity(self.trader, lots)
        elif kind == "withdraw":
            own = site.state.providers.get(self.trader, 0)
            self.command = WithdrawLiquidity(self.trader, max(int(own * min(part, 1)) // lot, 1) * lot)
        elif kind == "merge":
            self.command = MergeSets(self.trader, lots)
        else:
            site.order_id += 1
            outcome = draw(st.integers(0, site.rules.outcomes - 1))
            spec = OrderSpec(1, outcome, Side(kind), OrderType.MARKET, TimeInForce.IOC, None, lots)
            self.command = PlaceOrder(self.trader, spec, "", b"", site.order_id)


def log_odds(q: list[int], b: int) -> list[Decimal]:
    """ln p_i - ln p_top, exact in thirty digits."""
    return [CONTEXT.divide(Decimal(lots - max(q)), Decimal(b)) for lots in q]


@st.composite
def histories(draw: st.DrawFn) -> Site:
    outcomes = draw(st.sampled_from((2, 2, 3, 7)))
    b, lot = draw(st.sampled_from((10**4, 10**6, 10**9))), draw(st.sampled_from((1, 1, 100)))
    fee = draw(st.sampled_from((0, 70)))
    site = Site(MarketRules(1, outcomes, outcomes == 2, liquidity=b, lot=lot, taker_fee_bps=fee))
    for _ in range(draw(st.integers(1, 14))):
        before = site.state.maker_quantities[:], site.state.rules.liquidity, site.cash[MAKER], site.owned()
        effects = site.apply(Step(draw, site).command)
        site.check()
        if effects is not None and effects.provision is not None and not effects.fills:
            _check_change_of_liquidity(site, *before)
    return site


def _check_change_of_liquidity(site: Site, q: list[int], b: int, cash: int, owned: list[int]) -> None:
    """Prices stay, and so does what each unit of b owns: nobody was paid out of what others put in."""
    rules = site.state.rules
    allowed = Decimal(rules.lot) / rules.liquidity
    moved = zip(log_odds(q, b), log_odds(site.state.maker_quantities, rules.liquidity), strict=True)
    assert all(abs(before - after) < allowed for before, after in moved)
    assert Fraction(site.cash[MAKER], rules.liquidity) >= Fraction(cash, b)
    for before, after in zip(owned, site.owned(), strict=True):
        assert Fraction(after, rules.liquidity) >= Fraction(before, b)


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_nobody_loses_more_than_was_put_in_whatever_happens(site: Site, data: st.DataObject) -> None:
    """At settlement the rule pays everything out of its own, and what is left is the providers' and the subsidy's."""
    winner = data.draw(st.integers(0, site.rules.outcomes - 1))
    payouts = [10_000 if i == winner else 0 for i in range(site.rules.outcomes)]
    due = settle(payouts, {key: lots for key, lots in site.shares.items() if lots}, site.cash[COLLATERAL])
    pool = site.cash[MAKER] + due.get(MAKER, 0)
    paid = claims(pool, list(site.state.providers.items()), site.state.rules.liquidity)
    assert pool >= 0
    assert sum(paid.values()) <= pool
    # The subsidy's own part isn't touched by the providers': it is what its b is of all b.
    assert pool - sum(paid.values()) >= pool * site.rules.liquidity // site.state.rules.liquidity


@settings(max_examples=150, deadline=None)
@given(histories(), st.sampled_from(TRADERS), st.floats(0.01, 10))
def test_there_and_back_never_pays(site: Site, trader: int, part: float) -> None:
    lots = max(int(part * site.state.rules.liquidity) // site.rules.lot, 1) * site.rules.lot
    before = site.cash[trader], [site.shares.get((trader, i), 0) for i in range(site.rules.outcomes)]
    if site.apply(AddLiquidity(trader, lots)) is None:
        return
    site.apply(WithdrawLiquidity(trader, lots))
    gained = [site.shares.get((trader, i), 0) - had for i, had in enumerate(before[1])]
    # Complete sets, but for a step of the grid that rounding may have kept, at what was paid for them.
    assert max(gained) - min(gained) <= site.rules.lot
    assert site.cash[trader] + max(gained) * 10_000 <= before[0]
    site.check()
