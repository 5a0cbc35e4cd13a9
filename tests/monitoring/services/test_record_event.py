from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from monitoring.models import Event, EventKind
from monitoring.selectors.event_markers import event_markers
from monitoring.services.record_event import record_event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@time_machine.travel(NOW, tick=False)
def test_an_event_with_a_key_is_recorded_once() -> None:
    assert record_event(kind=EventKind.DEPLOY, title="Version 2 is live", key="deploy:2")
    assert not record_event(kind=EventKind.DEPLOY, title="Version 2 is live", key="deploy:2")
    assert list(Event.objects.values_list("at", "kind", "title", "detail", "series")) == [
        (NOW, "deploy", "Version 2 is live", "", "")
    ]


def test_events_without_a_key_may_repeat_and_long_titles_are_cut() -> None:
    assert record_event(kind=EventKind.ALERT, title="x" * 200, series="cpu_usage")
    assert record_event(kind=EventKind.ALERT, title="x" * 200, series="cpu_usage")
    assert list(Event.objects.values_list("title", flat=True)) == ["x" * 120] * 2


def test_markers_of_a_range_newest_first() -> None:
    for hours, kind in ((0, EventKind.DEPLOY), (1, EventKind.ALERT), (2, EventKind.SCALING), (3, EventKind.DEPLOY)):
        record_event(kind=kind, title=f"{hours}", at=NOW + timedelta(hours=hours))
    span = {"start": NOW, "end": NOW + timedelta(hours=3)}
    assert [marker.title for marker in event_markers(**span)] == ["2", "1", "0"]
    assert [marker.title for marker in event_markers(**span, kinds=["deploy", "scaling"])] == ["2", "0"]
    assert [marker.title for marker in event_markers(**span, limit=1)] == ["2"]


def test_the_command_records(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("record_event", "scaling", "Four web processes", "--key", "scale:1")
    call_command("record_event", "scaling", "Four web processes", "--key", "scale:1")
    assert capsys.readouterr().out == "Recorded.\nIt was recorded before.\n"
    with pytest.raises(CommandError):
        call_command("record_event", "party", "Cake")
    assert Event.objects.count() == 1
