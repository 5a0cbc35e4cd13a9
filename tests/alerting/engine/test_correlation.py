"""Which alerts are one incident, and which of them began it."""

from alerting.engine.correlation import WINDOW_S, Fact, incident_of, probable_cause

DISK = Fact(1, "Disk", "disk_usage", (("alertname", "Disk"),), 100.0)
SLOW = Fact(2, "Slow queries", "db_query_time", (("alertname", "Slow queries"),), 130.0)
ANSWERS = Fact(3, "Answers", "response_time", (("alertname", "Answers"),), 120.0)
VOLUME = Fact(4, "Volume", "volume", (("alertname", "Volume"),), 120.0)


def test_what_depends_on_it_joins_within_the_window_and_the_rest_does_not() -> None:
    assert incident_of(SLOW, {7: [DISK]}) == 7
    assert incident_of(SLOW._replace(started_at=100 + WINDOW_S + 1), {7: [DISK]}) is None
    assert incident_of(VOLUME, {7: [DISK]}) is None


def test_rules_that_mostly_fire_together_join_and_so_does_the_same_process() -> None:
    assert incident_of(VOLUME, {7: [DISK]}, {frozenset(("Volume", "Disk"))}) == 7
    there = (("alertname", "x"), ("process", "web-1"))
    assert incident_of(VOLUME._replace(labels=there), {7: [DISK._replace(labels=there)]}) == 7


def test_the_cause_is_what_the_others_follow_from_even_if_it_began_later() -> None:
    found = probable_cause([ANSWERS, SLOW, DISK])
    assert found is not None
    assert (found.id, found.reason) == (
        1, "2 of the 2 other alerts can follow from disk_usage, and it began first.",
    )  # fmt: skip
    late = probable_cause([ANSWERS, SLOW])
    assert late is not None
    assert late.id == 2
    assert probable_cause([]) is None
