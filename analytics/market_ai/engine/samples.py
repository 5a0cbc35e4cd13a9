"""Contracts at some moments of their life, with the features of those moments.

Contract   The moments are those of ticks, evenly over the ticks before ``ends_at`` and at most ``MOMENTS_MAX``, so
           that a contract that was told daily doesn't outweigh one that was told once: the weights of a contract's
           samples sum to 1. Nothing stamped at or after ``ends_at`` is looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from analytics.market_ai.engine.features import FeatureState, features_of
from analytics.market_ai.engine.standing import Standings, around, score_of
from analytics.market_ai.types import Contract, Sample, Tick

MOMENTS_MAX: Final = 12


def samples_of(contracts: Sequence[Contract]) -> list[Sample]:
    """The samples of all ``contracts``, oldest first; standings come from the contracts themselves."""
    chosen = {one.key: chosen_ticks(one) for one in contracts}
    scores = [score_of(one, [tick.price for tick in chosen[one.key]]) for one in contracts]
    standings = Standings(score for score in scores if score is not None)
    found = [sample for one in contracts for sample in _samples(one, chosen[one.key], standings)]
    return sorted(found, key=lambda sample: (sample.at, sample.key))


def usable_ticks(contract: Contract) -> list[Tick]:
    """The ticks that don't leak the answer."""
    return [tick for tick in contract.ticks if tick.at < contract.ends_at]


def chosen_ticks(contract: Contract) -> list[Tick]:
    """At most MOMENTS_MAX of the usable ticks, the newest of them included."""
    usable = usable_ticks(contract)
    count = len(usable)
    if count <= MOMENTS_MAX:
        return usable
    return [usable[(place + 1) * count // MOMENTS_MAX - 1] for place in range(MOMENTS_MAX)]


def _samples(contract: Contract, chosen: Sequence[Tick], standings: Standings) -> Iterator[Sample]:
    for state in _states(usable_ticks(contract), chosen):
        assert state.at is not None
        yield Sample(
            key=contract.key,
            source=contract.source,
            group=contract.group,
            at=state.at,
            known_at=contract.known_at,
            price=state.price,
            features=features_of(state, state.at, around(contract, state.at, standings)),
            outcome=contract.outcome,
            weight=1.0 / len(chosen),
        )


def _states(ticks: Iterable[Tick], chosen: Sequence[Tick]) -> Iterator[FeatureState]:
    """The state after each of the ``chosen`` ticks, which are among ``ticks`` in the same order."""
    state, place = FeatureState(), 0
    for tick in ticks:
        state = state.advanced(tick)
        if place < len(chosen) and tick is chosen[place]:
            place += 1
            yield state
