import uuid

import pytest

from accounts.api import leases as module
from accounts.api.leases import Leases
from accounts.services import limits
from accounts.types import Limit, Verdict


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The costs that were taken from the shared bucket."""
    costs: list[int] = []

    def take(buckets: list[tuple[Limit, str]], *, cost: int = 1) -> Verdict:
        costs.append(cost)
        return limits.take(buckets, cost=cost)

    monkeypatch.setattr(module, "take", take)
    return costs


def _limit(capacity: int) -> Limit:
    return Limit(f"test-{uuid.uuid4()}", capacity, 3_600)


def test_a_small_bucket_is_exact(asked: list[int]) -> None:
    leases, limit = Leases(), _limit(3)
    found = [leases.spend(limit, "alice") for _ in range(4)]
    assert [allowance.remaining for allowance in found] == [2, 1, 0, 0]
    assert [allowance.retry_after_s for allowance in found] == [None, None, None, pytest.approx(1_200, abs=5)]
    assert leases.spend(limit, "bob").retry_after_s is None


def test_a_large_bucket_is_asked_a_fiftieth_at_a_time(asked: list[int]) -> None:
    leases, limit = Leases(), _limit(1_000)
    remaining = [leases.spend(limit, "alice").remaining for _ in range(40)]
    assert remaining == list(range(999, 959, -1))
    assert asked == [20, 20]


def test_never_more_than_the_bucket_holds(asked: list[int]) -> None:
    limit = _limit(101)
    # Two processes share one bucket.
    leases = Leases(), Leases()
    allowed = sum(leases[number % 2].spend(limit, "alice").retry_after_s is None for number in range(300))
    assert allowed == 101


def test_an_old_lease_is_lost(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEASE_S", 0.0)
    leases, limit = Leases(), _limit(100)
    leases.spend(limit, "alice")
    assert leases.spend(limit, "alice").remaining == 97
    assert asked == [2, 2]
