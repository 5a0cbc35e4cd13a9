"""Samples are what could have been known: history recomputed finds no look-ahead."""

from dataclasses import replace

from analytics.market_ai.engine.features import DAY_S, NAMES
from analytics.market_ai.engine.groups import groups_of
from analytics.market_ai.engine.samples import MOMENTS_MAX, chosen_ticks, samples_of
from analytics.market_ai.engine.standing import Score, Standings, accuracy_of, risk_of
from analytics.market_ai.types import Contract, Tick
from tests.analytics.market_ai.contracts import BEGAN, shy_contracts

CONTRACTS = shy_contracts(40)


def test_history_recomputed_as_of_any_day_gives_the_same_samples() -> None:
    whole = {(one.key, one.at): one for one in samples_of(CONTRACTS)}
    for day in (10, 20, 30):
        now = BEGAN + day * DAY_S
        known = [as_of(one, now) for one in CONTRACTS if one.opened_at <= now]
        for sample in samples_of(known):
            # How many moments are kept of a contract follows from its whole life, the features don't.
            assert sample.features == whole[sample.key, sample.at].features


def as_of(contract: Contract, now: float) -> Contract:
    """What was known at ``now``: an answer still to come is turned round, prices still to come are gone."""
    ticks = tuple(tick for tick in contract.ticks if tick.at <= now)
    unknown = contract.known_at >= now
    return replace(contract, ticks=ticks, outcome=1 - contract.outcome if unknown else contract.outcome)


def test_nothing_at_or_after_the_event_is_looked_at() -> None:
    contract = CONTRACTS[0]
    leak = (Tick(contract.ends_at, float(contract.outcome)), Tick(contract.ends_at + 1.0, float(contract.outcome)))
    assert samples_of([replace(contract, ticks=contract.ticks + leak)]) == samples_of([contract])


def test_a_contract_weighs_one_however_often_it_was_told() -> None:
    ticks = tuple(Tick(BEGAN + hour * 60.0, 0.5 + hour / 10_000) for hour in range(1_000))
    found = samples_of([replace(CONTRACTS[0], ticks=ticks, ends_at=BEGAN + DAY_S)])
    assert len(found) == MOMENTS_MAX
    assert abs(sum(one.weight for one in found) - 1.0) < 1e-9
    assert found[-1].at == ticks[-1].at


def test_few_ticks_are_all_kept() -> None:
    assert chosen_ticks(CONTRACTS[0]) == list(CONTRACTS[0].ticks)


def test_an_answer_counts_from_when_it_was_known() -> None:
    standings = Standings([Score(100.0, "here", "weather", 0.05, 1.0)])
    assert standings.accuracy("here", 100.0) == accuracy_of(0, 0.0) == 0.85
    assert standings.accuracy("here", 100.1) == accuracy_of(1, 0.05)
    assert standings.risk("weather", 100.1) == risk_of(1, 1.0)
    assert standings.risk("politics", 100.1) == risk_of(0, 0.0) == 0.2


def test_the_columns_of_a_sample_are_the_features() -> None:
    assert {len(one.features) for one in samples_of(CONTRACTS)} == {len(NAMES)}


def test_questions_that_differ_in_numbers_and_dates_are_one_group() -> None:
    found = groups_of(
        {
            "a": "Will Bitcoin reach $100,000 by May?",
            "b": "Will Bitcoin reach $120,000 by June?",
            "c": "Will Peru win the World Cup?",
            "d": "Will it snow in Rome?",
        }
    )
    assert found == {"a": "a", "b": "a", "c": "c", "d": "d"}
