"""The board at once says what its parts say one by one, and costs one statement."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from monitoring.optimizer.models import Cycle, OptimizerSwitch, Recommendation, Tunable
from monitoring.optimizer.selectors import board
from monitoring.optimizer.selectors.overview import LastCycle, Overview, Tuned, overview
from monitoring.optimizer.selectors.records import current_calibration
from monitoring.optimizer.selectors.switch import switch_state
from tests.factories.accounts import make_dave
from tests.monitoring.optimizer.proposed import keep_recommendation

pytestmark = pytest.mark.django_db


def by_parts() -> Overview:
    cycle = next(iter(board.cycles(1)), None)
    return Overview(
        switch=switch_state(),
        standing=board.standing(),
        calibration=current_calibration(),
        tunables=tuple(
            Tuned(one.name, one.value, one.changed_at, one.changed_by.username if one.changed_by else "")
            for one in board.tunables()
        ),
        cycle=None if cycle is None else LastCycle(cycle.at, cycle.milliseconds),
    )


def test_nothing_was_ever_seen_or_changed() -> None:
    found = overview()
    assert found == by_parts()
    assert (found.standing.open_count, found.tunables, found.cycle) == (0, (), None)


def test_the_whole_says_what_the_parts_say(django_assert_num_queries: Any) -> None:
    now, dave = clock.now(), make_dave()
    OptimizerSwitch.objects.create(is_monitoring=True, is_optimizing=True, score=71, optimised_at=now)
    outcomes = (("kept", -0.4), ("kept", 0.1), ("reverted", 0.3), ("inconclusive", None), ("kept", None))
    for number, (status, change) in enumerate(outcomes, start=50):
        keep_recommendation(number=number)
        ended = now - timedelta(minutes=number)
        found = Recommendation.objects.filter(pk=number)
        found.update(status=status, change=change, is_judged=status != "inconclusive", ended_at=ended)
    keep_recommendation(number=60)
    for name, person in (("http_threads", dave), ("b_ttl", None), ("http_threads_round", None)):
        Tunable.objects.create(name=name, value=48.0, changed_at=now, changed_by=person)
    for minutes in (9, 3):
        at = now - timedelta(minutes=minutes)
        Cycle.objects.create(at=at, milliseconds=4.5, found=1, new=1, applied=0, score=70, strategy="balanced")
    with django_assert_num_queries(1):
        seen = overview()
    assert seen == by_parts()
    assert [(one.name, one.changed_by) for one in seen.tunables] == [("b_ttl", ""), ("http_threads", "dave")]
    assert (seen.standing.open_count, seen.standing.kept, seen.calibration.count) == (1, 3, 4)
    assert seen.cycle == LastCycle(now - timedelta(minutes=3), 4.5)
