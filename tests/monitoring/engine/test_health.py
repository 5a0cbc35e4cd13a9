import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.engine.catalogue import CATALOGUE, DEFAULT_THRESHOLDS
from monitoring.engine.health import health_score, state_of
from monitoring.types import State, Thresholds

LIMITS = DEFAULT_THRESHOLDS


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("cpu_usage", 69.9, State.GOOD),
        ("cpu_usage", 70, State.WARNING),
        ("cpu_usage", 85, State.CRITICAL),
        ("cpu_usage", None, State.UNKNOWN),
        ("cache_hit_rate", 71, State.GOOD),
        ("cache_hit_rate", 70, State.WARNING),
        ("cache_hit_rate", 30, State.CRITICAL),
        ("ledger_check", 1, State.GOOD),
        ("ledger_check", 0, State.CRITICAL),
        ("throughput", 1e9, State.UNKNOWN),
    ],
)
def test_a_value_is_judged_by_its_thresholds(name: str, value: float | None, state: State) -> None:
    assert state_of(name, value, LIMITS.get(name)) is state


def test_a_series_without_a_critical_threshold_only_warns() -> None:
    limits = Thresholds(warn=10)
    assert state_of("response_time_p50", 1e9, limits) is State.WARNING
    assert health_score({"response_time_p50": 1e9}, {"response_time_p50": limits}) == 41


def test_nothing_known_has_no_score() -> None:
    assert health_score({}, LIMITS) is None
    assert health_score({"cpu_usage": None, "throughput": 5.0, "health_score": 3.0}, LIMITS) is None


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({"cpu_usage": 10}, 100),
        ({"cpu_usage": 70}, 80),
        ({"cpu_usage": 84.99}, 41),
        ({"cpu_usage": 85}, 40),
        ({"cpu_usage": 100}, 0),
        ({"cpu_usage": 70, "memory_usage": 75}, 78),
        ({"cpu_usage": 70, "memory_usage": 75, "disk_usage": 10}, 78),
        ({"cpu_usage": 85, "memory_usage": 75}, 38),
        ({"ledger_check": 0}, 0),
        ({"ledger_check": 1}, 100),
    ],
)
def test_the_score_is_that_of_the_worst(values: dict[str, float | None], score: float) -> None:
    assert health_score(values, LIMITS) == pytest.approx(score, abs=0.05)


@given(st.dictionaries(st.sampled_from(sorted(LIMITS)), st.floats(-10, 1e6), min_size=1))
def test_the_score_agrees_with_the_worst_state(values: dict[str, float | None]) -> None:
    values.pop("health_score", None)
    score = health_score(values, LIMITS)
    states = {state_of(name, value, LIMITS[name]) for name, value in values.items()}
    if score is None:
        assert not values
    elif State.CRITICAL in states:
        assert 0 <= score <= 40
    elif State.WARNING in states:
        assert 40 < score <= 80
    else:
        assert score == 100


def test_thresholds_lie_on_the_bad_side() -> None:
    for spec in CATALOGUE.values():
        if spec.warn is not None and spec.critical is not None:
            assert spec.better in ("low", "high")
            assert spec.warn <= spec.critical if spec.better == "low" else spec.warn >= spec.critical
