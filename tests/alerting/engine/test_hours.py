from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.hours import hours, is_within, next_within
from alerting.errors import IntervalInvalid

OFFICE = hours("office", "Europe/Lisbon", clocks=[("09:00", "17:00")], weekdays=[(0, 4)])


def at(text: str, zone: str = "Europe/Lisbon") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        ("2026-11-20 08:59", False),
        ("2026-11-20 09:00", True),
        ("2026-11-20 16:59", True),
        ("2026-11-20 17:00", False),
        ("2026-11-21 12:00", False),
        ("2026-07-20 09:00", True),
    ],
)
def test_office_hours(moment: str, wanted: bool) -> None:
    assert is_within(OFFICE, at(moment)) is wanted


@pytest.mark.parametrize(
    ("days", "moment", "wanted"),
    [
        ([(-1, -1)], "2026-02-28 12:00", True),
        ([(-1, -1)], "2028-02-28 12:00", False),
        ([(1, 5)], "2026-02-05 12:00", True),
        ([(25, -1)], "2026-02-28 12:00", True),
        ([(25, -1)], "2026-02-24 12:00", False),
        ([(31, 31)], "2026-02-28 12:00", False),
        ([(-31, -31)], "2026-02-01 12:00", False),
    ],
)
def test_days_of_the_month(days: list[tuple[int, int]], moment: str, wanted: bool) -> None:
    assert is_within(hours("days", days=days), at(moment, "UTC")) is wanted


def test_months_years_and_midnight() -> None:
    winter = hours("winter", months=[(12, 12), (1, 2)], years=[(2026, 2026)], clocks=[("00:00", "24:00")])
    assert is_within(winter, at("2026-12-31 23:59", "UTC"))
    assert not is_within(winter, at("2027-01-01 00:00", "UTC"))


@pytest.mark.parametrize(
    "fields",
    [
        {"zone": "Mars/Base"},
        {"clocks": [("17:00", "09:00")]},
        {"clocks": [("9:00", "17:00")]},
        {"clocks": [("09:00", "24:01")]},
        {"weekdays": [(5, 1)]},
        {"weekdays": [(0, 7)]},
        {"days": [(0, 1)]},
        {"months": [(0, 1)]},
    ],
)
def test_what_is_no_interval_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(IntervalInvalid):
        hours("bad", **fields)  # type: ignore[arg-type]


def test_the_next_moment() -> None:
    assert next_within(OFFICE, at("2026-11-20 12:34")) == at("2026-11-20 12:34")
    assert next_within(OFFICE, at("2026-11-20 17:00")) == at("2026-11-23 09:00")
    # Clocks go back on 25 October 2026.
    assert next_within(OFFICE, at("2026-10-23 18:00")) == at("2026-10-26 09:00")
    assert next_within(hours("past", years=[(2000, 2001)]), at("2026-11-20 12:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)))  # noqa: DTZ001 - the zone comes next
def test_the_next_moment_is_within_and_none_before_it_is(moment: datetime) -> None:
    start = moment.replace(second=0, microsecond=0, tzinfo=UTC).timestamp()
    found = next_within(OFFICE, start)
    assert found is not None
    assert found >= start
    assert is_within(OFFICE, found)
    assert found == start or not is_within(OFFICE, found - 60)
