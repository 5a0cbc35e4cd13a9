from datetime import UTC, datetime, timedelta

from common import clock

MOMENT = datetime(2014, 9, 30, 13, 20, tzinfo=UTC)


def test_a_replayed_moment_is_now_until_it_is_over() -> None:
    with clock.replaying(MOMENT):
        assert clock.now() == MOMENT
        with clock.replaying(MOMENT + timedelta(days=1)):
            assert clock.replayed_moment() == MOMENT + timedelta(days=1)
        assert clock.now() == MOMENT

    assert clock.replayed_moment() is None
    assert clock.now() > MOMENT + timedelta(days=365)
