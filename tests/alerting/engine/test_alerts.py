import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.alerts import Alert, Alerts, merged, told
from alerting.errors import RoutingInvalid

LABELS = (("alertname", "CPU"),)


def alert(starts_at: float, ends_at: float, updated_at: float, *, is_timeout: bool = False, note: str = "") -> Alert:
    return Alert(LABELS, starts_at, ends_at, updated_at, is_timeout, (("note", note),))


def test_what_is_told_without_times_begins_now_and_ends_by_time_out() -> None:
    assert told({"alertname": "CPU", "empty": ""}, 100.0) == Alert(LABELS, 100.0, 400.0, 100.0, True)
    assert told(LABELS, 100.0, ends_at=90.0) == Alert(LABELS, 90.0, 90.0, 100.0)


@pytest.mark.parametrize("fields", [{"labels": {}}, {"labels": {"a": ""}}, {"starts_at": 5.0, "ends_at": 4.0}])
def test_what_is_no_alert_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(RoutingInvalid):
        told(**({"labels": LABELS, "now": 10.0} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "ends_at"),
    [
        (alert(1, 4, 5), alert(2, 3, 6), 4),  # both resolved: the later end
        (alert(1, 20, 5), alert(2, 3, 6), 3),  # resolved by the newer
        (alert(1, 30, 5), alert(2, 20, 6), 30),  # both fire: the later end that was told
        (alert(1, 30, 5, is_timeout=True), alert(2, 20, 6), 20),  # a time-out gives way
    ],
)
def test_merging(one: Alert, other: Alert, ends_at: float) -> None:
    for pair in ((one, other), (other, one)):
        found = merged(*pair, now=10.0)
        assert (found.starts_at, found.ends_at, found.updated_at) == (1, ends_at, 6)


def test_times_that_do_not_meet_are_two_alerts() -> None:
    known = Alerts()
    known.put(alert(1, 5, 6), 6)
    assert known.put(alert(7, 300, 8), 8) == alert(7, 300, 8)
    assert known.put(alert(6.5, 300, 9, note="x"), 9) == alert(6.5, 300, 9, note="x")
    assert known.all() == [alert(6.5, 300, 9, note="x")]
    known.forget_resolved(299)
    assert len(known.all()) == 1
    known.forget_resolved(300)
    assert known.all() == []


times = st.floats(0, 100)


@given(times, times, times, times, times)
def test_the_order_of_telling_makes_no_difference(a: float, b: float, c: float, d: float, now: float) -> None:
    one, other = alert(min(a, b), max(a, b), 1, note="old"), alert(min(c, d), max(c, d), 2, note="new")
    found = merged(one, other, now)
    assert found == merged(other, one, now)
    assert found.starts_at == min(a, b, c, d)
    assert found.annotations == (("note", "new"),)
