import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.deduplication import Entry, Reason, send_reason
from alerting.types import LabelSet

A, B = (("a", "1"),), (("b", "1"),)


def sets(*labels: LabelSet) -> frozenset[LabelSet]:
    return frozenset(labels)


NONE = sets()


@pytest.mark.parametrize(
    ("entry", "firing", "resolved", "wanted"),
    [
        (None, sets(A), NONE, Reason.FIRST),
        (None, NONE, sets(A), None),
        (Entry(0, sets(A), NONE), sets(A), NONE, None),
        (Entry(0, sets(A, B), NONE), sets(A), NONE, None),
        (Entry(0, sets(A), NONE), sets(A, B), NONE, Reason.NEW_ALERTS),
        (Entry(0, NONE, sets(A)), sets(A), NONE, Reason.FIRST),
        (Entry(0, sets(A), NONE), NONE, sets(A), Reason.ALL_RESOLVED),
        (Entry(0, NONE, sets(A)), NONE, sets(A), None),
        (Entry(0, NONE, NONE), NONE, sets(B), None),
        (Entry(0, sets(A, B), NONE), sets(A), sets(B), Reason.SOME_RESOLVED),
        (Entry(0, sets(A), sets(B)), sets(A), sets(B), None),
    ],
)
def test_reasons(
    entry: Entry | None, firing: frozenset[LabelSet], resolved: frozenset[LabelSet], wanted: Reason | None
) -> None:
    assert send_reason(entry, firing, resolved, repeat_interval_s=100, sends_resolved=True, now=100) is wanted


def test_a_repeat_is_due_once_the_interval_is_over() -> None:
    def reason(now: float) -> Reason | None:
        return send_reason(Entry(0, sets(A), NONE), sets(A), NONE, repeat_interval_s=100, sends_resolved=True, now=now)

    assert [reason(now) for now in (99, 100, 100.1)] == [None, None, Reason.REPEAT]


def test_a_channel_without_resolved_messages_hears_of_the_last_only() -> None:
    def reason(firing: frozenset[LabelSet], resolved: frozenset[LabelSet]) -> Reason | None:
        entry = Entry(0, sets(A, B), NONE)
        return send_reason(entry, firing, resolved, repeat_interval_s=100, sends_resolved=False, now=1)

    assert reason(sets(A), sets(B)) is None
    assert reason(NONE, sets(A, B)) is Reason.ALL_RESOLVED


groups = st.frozensets(st.sampled_from([A, B, (("c", "1"),)]))


@given(groups, groups, st.booleans())
def test_what_was_told_is_not_told_again(
    firing: frozenset[LabelSet], resolved: frozenset[LabelSet], told: bool
) -> None:
    entry = Entry(10, firing, resolved)
    assert send_reason(entry, firing, resolved, repeat_interval_s=100, sends_resolved=told, now=50) is None
