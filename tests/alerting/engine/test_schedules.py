from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from alerting.engine.hours import hours
from alerting.engine.schedules import Override, Rotation, Schedule, check_schedule, on_call, turn_of
from alerting.errors import EscalationInvalid

LISBON = ZoneInfo("Europe/Lisbon")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=LISBON).timestamp()


WEEKLY = Rotation(("alice", "bob", "carol"), at("2026-10-19 09:00"), LISBON)
NIGHTS = Rotation(
    ("dave",), at("2026-10-19 00:00"), LISBON, 1, (hours("night", "Europe/Lisbon", clocks=[("00:00", "06:00")]),)
)
SCHEDULE = Schedule(
    "primary",
    (WEEKLY, NIGHTS),
    (
        Override("erin", at("2026-10-21 12:00"), at("2026-10-21 18:00")),
        Override("frank", at("2026-10-21 17:00"), at("2026-10-21 19:00")),
    ),
)


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        ("2026-10-18 12:00", None),
        ("2026-10-19 09:00", "alice"),
        ("2026-10-20 05:59", "dave"),
        ("2026-10-20 06:00", "alice"),
        ("2026-10-21 12:00", "erin"),
        ("2026-10-21 17:30", "frank"),
        ("2026-10-21 19:00", "alice"),
        # The clocks go back on the 25th, and the hand-over stays at nine.
        ("2026-10-26 08:59", "alice"),
        ("2026-10-26 09:00", "bob"),
        ("2026-11-02 09:00", "carol"),
        ("2026-11-09 09:00", "alice"),
    ],
)
def test_who_is_on_call(moment: str, wanted: str | None) -> None:
    assert on_call(SCHEDULE, at(moment)) == wanted


def test_turns_of_a_day() -> None:
    daily = Rotation(("alice", "bob"), at("2026-10-19 09:00"), LISBON, 1)
    assert [turn_of(daily, at(f"2026-10-{day} 09:00")) for day in (19, 20, 26)] == [0, 1, 7]
    assert turn_of(daily, at("2026-10-20 08:59")) == 0


@pytest.mark.parametrize(
    "bad",
    [
        Schedule("s", (Rotation((), 0.0, LISBON),)),
        Schedule("s", (Rotation(("alice",), 0.0, LISBON, 0),)),
        Schedule("s", (), (Override("bob", 2.0, 2.0),)),
    ],
)
def test_what_is_no_schedule_is_refused(bad: Schedule) -> None:
    with pytest.raises(EscalationInvalid):
        check_schedule(bad)
    check_schedule(SCHEDULE)
