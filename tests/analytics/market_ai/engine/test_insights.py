"""An insight is there when something is planted, and seldom when nothing is."""

import random
from dataclasses import replace

from analytics.market_ai.engine.insights import MarketSeries, insights_of

QUIET = MarketSeries("Yes", (), None, None, (), 0, 0, 0, (), ())


def _calm(seed: int) -> MarketSeries:
    """A week of a market in which nothing goes on."""
    source = random.Random(seed)
    hours, odds = [], 0.0
    for _ in range(60):
        odds += source.gauss(0, 0.05)
        hours.append(1 / (1 + 2.718281828**-odds))
    day = int(60 / 7)
    tones = [source.gauss(0, 0.3) for _ in range(20)]
    days = [source.randint(15, 25) for _ in range(20)]
    buys = sum(source.random() < 0.5 for _ in range(100))
    return MarketSeries(
        "Yes", hours, hours[-1], hours[-1 - day], days, source.randint(15, 25), buys, 100, tones, [-t for t in tones]
    )


def test_without_data_nothing_is_asked() -> None:
    assert insights_of(QUIET) == ([], 0)


def test_noise_gives_few_insights() -> None:
    found = [len(insights_of(_calm(seed))[0]) for seed in range(200)]
    assert sum(number > 0 for number in found) / len(found) < 0.12
    assert insights_of(_calm(1))[1] == 6


def test_what_was_planted_is_found_with_its_evidence() -> None:
    calm = _calm(1)
    busy = replace(calm, trades_24h=400)
    (insight,), asked = insights_of(busy)
    assert (insight.finding.kind, asked) == ("volume", 6)
    assert insight.finding.sentence.startswith("It is traded more than usual: 400 trades in 24 hours, ")
    assert insight.finding.evidence["days"] == 20
    assert insight.significance < 0.001
    one_sided = insights_of(replace(calm, buys=88))[0]
    assert [one.finding.sentence for one in one_sided] == ["88 % of the last 100 trades buy Yes."]
    assert one_sided[0].finding.anchor == "trades-title"


def test_a_jump_is_told_in_points() -> None:
    jumped = replace(_calm(1), price=0.8, price_24h_ago=0.5)
    (insight,) = [one for one in insights_of(jumped)[0] if one.finding.kind == "price_move"]
    assert insight.finding.sentence.startswith("Yes rose by 30 points in 24 hours, ")
    assert insight.finding.evidence["change_points"] == 30.0


def test_the_surest_comes_first() -> None:
    found, _ = insights_of(replace(_calm(1), trades_24h=400, buys=70, social=[0.6, 0.5, 0.7, 0.6, 0.5, 0.8, 0.4, 0.6]))
    chances = [insight.significance for insight in found]
    assert {insight.finding.kind for insight in found} == {"volume", "order_flow", "social_sentiment"}
    assert chances == sorted(chances)
