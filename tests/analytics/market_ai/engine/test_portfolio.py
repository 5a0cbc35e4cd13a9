"""Exposure worked out by hand."""

import math
import random
from typing import Any

import pytest

from analytics.market_ai.engine.portfolio import Holding, concentration, edge, pairs, worst_case
from analytics.market_ai.engine.portfolio_insights import facts_of


def holding(market_id: int = 1, **fields: Any) -> Holding:
    given: dict[str, Any] = {
        "slug": f"m{market_id}",
        "question": f"Question {market_id}?",
        "outcome": 0,
        "outcome_name": "Yes",
        "outcomes": 2,
        "event_group": "",
        "shares": 100.0,
        "price": 0.5,
        "cost": 40.0,
        "estimate": None,
        "closes": (),
        **fields,
    }
    return Holding(market_id=market_id, **given)


def test_concentration() -> None:
    assert concentration([]) is None
    assert concentration([holding(shares=0.0)]) is None
    even = concentration([holding(number) for number in range(4)])
    assert even is not None
    assert (even.index, even.effective, even.largest_share) == (0.25, 4.0, 0.25)
    one_sided = concentration([holding(1, shares=300.0), holding(2)])
    assert one_sided is not None
    assert (one_sided.index, one_sided.largest.market_id) == (0.625, 1)


def test_the_worst_case_knows_what_pays_either_way() -> None:
    assert worst_case([holding(1), holding(2, price=0.25)]) == 75.0
    both = [holding(1), holding(1, outcome=1, outcome_name="No", shares=60.0)]
    assert worst_case(both) == 80.0 - 60.0
    assert worst_case([holding(1, outcomes=3), holding(1, outcome=1, outcomes=3, shares=60.0)]) == 80.0
    assert worst_case([]) == 0.0


def test_edge_and_expected_return() -> None:
    found = edge([holding(1, estimate=(0.6, 0.55, 0.7)), holding(2, estimate=(0.4, 0.3, 0.55)), holding(3)])
    assert found.total == pytest.approx(0.0)
    assert [gain for _, gain in found.by_holding] == [pytest.approx(10.0), pytest.approx(-10.0)]
    assert [one.market_id for one in found.sure] == [1]
    assert found.covered == pytest.approx(2 / 3)
    assert found.expected_return == pytest.approx(0.0)
    assert edge([holding()]).expected_return is None


def _closes(seed: int, other: tuple[tuple[int, float], ...] = (), sign: int = 1) -> tuple[tuple[int, float], ...]:
    source, odds, found = random.Random(seed), 0.0, []
    for day in range(25):
        move = source.gauss(0, 0.2)
        if other and day:
            before, now = (math.log(p / (1 - p)) for _, p in other[day - 1 : day + 1])
            move = sign * (now - before) + source.gauss(0, 0.02)
        odds += move
        found.append((day, 1 / (1 + math.exp(-odds))))
    return tuple(found)


def test_what_moves_together_is_told() -> None:
    one = _closes(1)
    holdings = [holding(1, closes=one), holding(2, closes=_closes(2, one, -1)), holding(3, closes=_closes(3))]
    found = pairs(holdings)
    assert len(found) == 3
    assert {found[0].left.market_id, found[0].right.market_id} == {1, 2}
    assert found[0].correlation < -0.95
    assert found[0].days == 24
    kinds = {insight.kind: insight for insight in facts_of(holdings).insights}
    assert "moved against each other" in kinds["correlation"].sentence
    assert kinds["correlation"].significance is not None
    assert kinds["correlation"].significance < 1e-6
    assert pairs([holding(1, closes=one[:8]), holding(2, closes=one[:8])]) == []


def test_sentences() -> None:
    facts = facts_of([holding(1, event_group="cup", estimate=(0.7, 0.6, 0.8)), holding(2, event_group="cup")])
    assert (facts.value, facts.cost, facts.unrealised, facts.worst_case) == (100.0, 80.0, 20.0, 100.0)
    told = {insight.kind: insight.sentence for insight in facts.insights}
    assert told == {
        "concentration": "50 % of your positions' value is in one market: Question 1?",
        "worst_case": "If everything goes against you, you lose 100.00 credits, 100 % of the value.",
        "event_group": "100 % of the value hangs on one event in 2 markets (cup).",
        "model_edge": "The model puts Yes of “Question 1?” at 70%, more than its price of 50%.",
    }
    assert facts_of([]).insights == ()
