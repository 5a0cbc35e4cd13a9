from accounts.engine import bucket
from accounts.engine.bucket import Buckets
from accounts.types import Limit, Verdict

TWO = Limit("two", 2, 8)


def test_a_bucket_refills_evenly() -> None:
    buckets = Buckets()
    assert buckets.take([(TWO, "a")], 0.0) == Verdict(True, 1, 0.0)
    assert buckets.take([(TWO, "a")], 0.0) == Verdict(True, 0, 0.0)
    assert buckets.take([(TWO, "a")], 0.0) == Verdict(False, 0, 4.0)
    assert buckets.take([(TWO, "a")], 2.0) == Verdict(False, 0, 2.0)
    assert buckets.take([(TWO, "a")], 4.0) == Verdict(True, 0, 0.0)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    buckets = Buckets()
    buckets.take([(TWO, "a")], 100.0, cost=2)
    assert not buckets.take([(TWO, "a")], 0.0).is_allowed


def test_memory_is_bounded() -> None:
    buckets = Buckets()
    for number in range(bucket.BUCKETS_MAX + 5):
        buckets.take([(TWO, str(number))], 0.0)
    assert len(buckets._levels) == bucket.BUCKETS_MAX
