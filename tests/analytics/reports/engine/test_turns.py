from datetime import UTC, datetime, time

import pytest

from analytics.reports.engine.turns import latest_turn, turn_after
from analytics.reports.types import Cadence, Timing


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DAILY = Timing(Cadence.DAILY, time(2, 30), "Europe/Lisbon")


@pytest.mark.parametrize(
    ("timing", "moment", "turn"),
    [
        (DAILY, "2026-11-22 02:29:59", "2026-11-22 02:30"),
        (DAILY, "2026-11-22 02:30", "2026-11-23 02:30"),
        # Summer: an hour ahead of UTC.
        (DAILY, "2026-07-01 00:00", "2026-07-01 01:30"),
        (Timing(Cadence.WEEKLY, time(6), "UTC", weekday=0), "2026-11-22 12:00", "2026-11-23 06:00"),
        (Timing(Cadence.WEEKLY, time(6), "UTC", weekday=6), "2026-11-22 12:00", "2026-11-29 06:00"),
        (Timing(Cadence.MONTHLY, time(6), "UTC", day=31), "2026-02-01 00:00", "2026-02-28 06:00"),
        (Timing(Cadence.MONTHLY, time(6), "UTC", day=31), "2028-02-28 07:00", "2028-02-29 06:00"),
        (Timing(Cadence.MONTHLY, time(6), "UTC", day=1), "2026-12-01 06:00", "2027-01-01 06:00"),
        # Tomorrow there is today here.
        (Timing(Cadence.DAILY, time(0, 5), "Pacific/Auckland"), "2026-11-22 10:00", "2026-11-22 11:05"),
    ],
)
def test_the_next_turn(timing: Timing, moment: str, turn: str) -> None:
    assert turn_after(timing, at(moment)) == at(turn)


def test_a_time_that_the_clock_jumps_over_comes_later_that_day() -> None:
    timing = Timing(Cadence.DAILY, time(1, 30), "Europe/Lisbon")
    assert turn_after(timing, at("2026-03-28 12:00")) == at("2026-03-29 01:30")
    assert turn_after(timing, at("2026-03-29 12:00")) == at("2026-03-30 00:30")


def test_a_time_that_the_clock_shows_twice_is_one_turn() -> None:
    timing = Timing(Cadence.DAILY, time(1, 30), "Europe/Lisbon")
    turn = turn_after(timing, at("2026-10-24 12:00"))
    assert turn == at("2026-10-25 00:30")
    assert turn_after(timing, turn) == at("2026-10-26 01:30")


@pytest.mark.parametrize("cadence", list(Cadence))
def test_the_newest_turn_is_the_last_before_the_next(cadence: Cadence) -> None:
    timing = Timing(cadence, time(6, 30), "America/New_York", weekday=2, day=30)
    moment = at("2026-03-01 00:00")
    for _ in range(40):
        following = turn_after(timing, moment)
        assert latest_turn(timing, following) == following
        assert latest_turn(timing, turn_after(timing, following).replace(second=0)) > following
        moment = following
