import random

import pytest

from monitoring.forecasting.engine.tails import Channel, Tail


@pytest.mark.parametrize("draw", ["expovariate", "gauss", "pareto"])
def test_a_decade_of_rarity_is_a_tenth_of_the_values(draw: str) -> None:
    luck = random.Random(4)
    make = {
        "expovariate": lambda: luck.expovariate(1.0),
        "gauss": lambda: abs(luck.gauss(0.0, 1.0)),
        "pareto": lambda: luck.paretovariate(4.0),
    }[draw]
    tail = Tail()
    for _ in range(5_000):
        tail.rarity(make())
    found = [tail.rarity(make()) for _ in range(40_000)]
    shares = {decades: sum(rarity >= decades for rarity in found) / len(found) for decades in (2, 3)}
    assert 0.005 < shares[2] < 0.02
    assert 0.0003 < shares[3] < 0.003


def test_the_first_value_is_not_rare_and_neither_is_a_constant() -> None:
    tail = Tail()
    assert [tail.rarity(0.0) for _ in range(100)] == [0.0] * 100
    assert all(Tail().rarity(5.0) == 0.0 for _ in range(3))


def test_a_channel_says_nothing_while_it_learns() -> None:
    channel = Channel(20, 0.01)
    assert [channel.rarity(1.0 + step % 3, 0.0) for step in range(19)] == [0.0] * 19
    for step in range(200):
        channel.rarity(1.0 + step % 3, 0.0)
    assert channel.rarity(100.0, 0.0) > 6.0


def test_sizes_are_measured_in_their_own_scale() -> None:
    small, large = Channel(20, 0.01), Channel(20, 0.01)
    luck = random.Random(1)
    for _ in range(300):
        size = luck.expovariate(1.0)
        assert small.rarity(size, 0.0) == pytest.approx(large.rarity(size * 1e6, 0.0))
