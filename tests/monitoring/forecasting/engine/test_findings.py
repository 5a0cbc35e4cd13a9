import pytest

from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.engine.findings import advice, correlation, headline, related

RISING = [float(step) for step in range(30)]


def test_correlation_is_pearsons() -> None:
    assert correlation(RISING, [2.0 * value + 5.0 for value in RISING]) == pytest.approx(1.0)
    assert correlation(RISING, [-value for value in RISING]) == pytest.approx(-1.0)
    assert correlation(RISING, [1.0 if step % 2 else -1.0 for step in range(30)]) == pytest.approx(0.0577, abs=0.01)


def test_too_little_or_a_constant_says_nothing() -> None:
    assert correlation(RISING[:19], RISING[:19]) is None
    assert correlation([*RISING[:19], *[None] * 11], RISING) is None
    assert correlation(RISING, [4.0] * 30) is None


def test_what_moved_with_it_comes_closest_first() -> None:
    lines = {
        "cpu_usage": RISING,
        "response_time": [value * value for value in RISING],
        "cache_hit_rate": [-value for value in RISING],
        "sockets": [5.0] * 30,
    }
    assert related("cpu_usage", lines) == [("cache_hit_rate", -1.0), ("response_time", 0.97)]


def test_there_is_advice_for_every_group() -> None:
    texts = {advice(spec.group) for spec in CATALOGUE.values()}
    assert advice("custom") not in texts
    assert advice("unknown") == advice("custom")


def test_a_headline_says_what_changed() -> None:
    assert headline("CPU", "91.0 %", "30.5 %", True) == "CPU rose to 91.0 %; 30.5 % was expected."
    assert headline("Orders", "0 /s", "4 /s", False) == "Orders fell to 0 /s; 4 /s was expected."
