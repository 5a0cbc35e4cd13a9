"""When a digest goes, and in what order it tells."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.digests import News, next_digest_at, sections_of

#: Hypothesis wants them without a zone.
_YEARS = (datetime(2026, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "is_weekly", "zone", "then"),
    [
        ("2026-11-22T06:59:59", False, "", "2026-11-22T07:00:00"),
        ("2026-11-22T07:00:00", False, "", "2026-11-23T07:00:00"),
        ("2026-12-31T23:59:59.999999", False, "", "2027-01-01T07:00:00"),
        ("2026-11-22T12:00:00", False, "Europe/Berlin", "2026-11-23T06:00:00"),
        ("2026-11-22T20:00:00", False, "Pacific/Kiritimati", "2026-11-23T17:00:00"),
        # The clocks change in the night: seven o'clock is seven o'clock.
        ("2026-03-28T12:00:00", False, "Europe/Berlin", "2026-03-29T05:00:00"),
        ("2026-11-22T12:00:00", True, "", "2026-11-23T07:00:00"),
        ("2026-11-23T07:00:00", True, "", "2026-11-30T07:00:00"),
        ("2026-11-23T06:00:00", True, "", "2026-11-23T07:00:00"),
        ("2026-11-22T12:00:00", False, "Nowhere/Land", "2026-11-23T07:00:00"),
        ("2026-11-22T12:00:00", False, "../../etc", "2026-11-23T07:00:00"),
    ],
)
def test_the_next_morning(now: str, is_weekly: bool, zone: str, then: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_digest_at(moment, is_weekly=is_weekly, time_zone=zone) == datetime.fromisoformat(then).replace(
        tzinfo=UTC
    )


@given(
    st.datetimes(*_YEARS, timezones=st.just(UTC)),
    st.booleans(),
    st.sampled_from(["", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Lisbon"]),
)
def test_it_is_always_later_and_within_its_span(now: datetime, is_weekly: bool, zone: str) -> None:
    ahead = next_digest_at(now, is_weekly=is_weekly, time_zone=zone) - now
    assert 0 < ahead.total_seconds() <= (7 if is_weekly else 1) * 86_400 + 7_200


def test_sections_are_in_order_and_never_empty() -> None:
    fill, reply, odd = News("fill", "F", "", ""), News("mention", "M", "", ""), News("zzz", "Z", "", "")
    assert [(one.kind, one.lines) for one in sections_of([odd, fill, reply, fill])] == [
        ("mention", (reply,)),
        ("fill", (fill, fill)),
        ("zzz", (odd,)),
    ]
    assert sections_of([]) == ()
