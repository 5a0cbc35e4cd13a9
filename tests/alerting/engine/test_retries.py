from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.retries import FIRST_S, LONGEST_S, next_try_at


def test_the_waits_grow_by_half() -> None:
    at, found = 0.0, []
    for tries in range(1, 20):
        after = next_try_at(tries=tries, started_at=at, ended_at=at, deadline_at=1e9)
        assert after is not None
        found.append(after - at)
        at = after
    assert [round(wait, 3) for wait in found[:4]] == [0.5, 0.75, 1.125, 1.688]
    assert found[-1] == LONGEST_S


def test_a_slow_try_takes_its_own_time_and_the_deadline_ends_all() -> None:
    assert next_try_at(tries=1, started_at=0, ended_at=5, deadline_at=60) == 5
    assert next_try_at(tries=1, started_at=0, ended_at=0, deadline_at=0.5) is None


@given(st.integers(1, 10_000), st.floats(0, 1e6), st.floats(0, 1e3), st.floats(0, 1e6))
def test_never_before_the_end_nor_after_the_deadline(tries: int, start: float, took: float, deadline: float) -> None:
    found = next_try_at(tries=tries, started_at=start, ended_at=start + took, deadline_at=deadline)
    if found is not None:
        assert max(start + took, start + FIRST_S * 0.999) <= found < deadline
