"""What was decided at the edge of a step lies in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from monitoring.scaling.selectors.timeline import OtherPolicy, timeline, what_if
from tests.monitoring.scaling.decided import keep_decision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts")]
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("before_s", "place"), [(0.001, 239), (0.5, 239), (15, 239), (15.001, 238), (15.5, 238)])
def test_a_fraction_of_a_second_before_a_step_ends_belongs_to_it(before_s: float, place: int, counts: Any) -> None:
    """Rounded to whole seconds, the last half second of the last step lay outside of the answer."""
    step_end = NOON + timedelta(seconds=15)
    with time_machine.travel(step_end - timedelta(seconds=before_s), tick=False):
        keep_decision(number=1)
    with time_machine.travel(step_end - timedelta(seconds=0.001), tick=False):
        found = timeline(target="web", span=timedelta(hours=1))
    assert [at for at, count in enumerate(found.instances) if count is not None] == [place]


def test_the_last_half_second_before_midnight_is_replayed(counts: Any) -> None:
    with time_machine.travel(NOON - timedelta(seconds=0.4), tick=False):
        keep_decision(number=1)
    with time_machine.travel(NOON, tick=False):
        was = what_if(target="web", other=OtherPolicy(name="cpu")).was
    assert len(was.counts) == 1440
