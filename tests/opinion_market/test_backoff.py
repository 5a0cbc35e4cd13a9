import pytest

from opinion_market.local import backoff
from opinion_market.local.backoff import Backoff


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr(backoff.time, "monotonic", lambda: moment[0])
    return moment


def test_what_falls_over_at_once_waits_longer_each_time(now: list[float]) -> None:
    one = Backoff()
    waits = []
    for _ in range(7):
        one.started()
        now[0] += 3
        waits.append(one.ended())
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert not one.is_due()
    now[0] += 30
    assert one.is_due()


def test_what_ran_for_ten_seconds_starts_again_at_once(now: list[float]) -> None:
    one = Backoff(failures=4)
    one.started()
    now[0] += 10.1
    assert (one.ended(), one.failures, one.is_due()) == (0.0, 0, True)


def test_a_start_that_fails_late_has_proven_nothing(now: list[float]) -> None:
    one = Backoff()
    one.started()
    now[0] += 60
    assert (one.failed(), one.is_due()) == (1.0, False)
