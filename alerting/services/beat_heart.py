"""A dead-man's switch: a watch outside hears of us while rules are looked at in time, and alarms when it doesn't.

Contract   The address is asked each minute, only while the last round is at most ``LATE_INTERVALS`` intervals old or
           alerting is stopped on purpose. When the engine is silent, everybody whom the default channels reach is told
           once for each silence, by workers that may still run when the engine doesn't.
"""

from django.conf import settings
from django.db import transaction

from alerting.engine.channels.content import MessageContent
from alerting.models import AlertingEngine
from alerting.selectors.channels import enabled_channels
from alerting.selectors.overview import LATE_INTERVALS, engine_late_s
from alerting.selectors.switch import settings_of
from alerting.services.queue_message import queue_message
from common import clock
from common.outgoing.client import fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused
from monitoring.services.record_event import record_event

_TIMEOUT_S = 5.0


def beat_heart() -> bool:
    """Returns: whether the engine is alive"""
    row, _ = AlertingEngine.objects.get_or_create(pk=1)
    found = settings_of(row)
    late_s = engine_late_s()
    is_alive = not found.is_on or (late_s is not None and late_s <= LATE_INTERVALS * found.interval_s)
    if is_alive:
        _ping()
    else:
        _alarm(row)
    return is_alive


def _ping() -> None:
    if not settings.ALERTING_HEARTBEAT_URL:
        return
    try:
        answer = fetch("GET", settings.ALERTING_HEARTBEAT_URL, timeout_s=_TIMEOUT_S)
        problem = "" if answer.is_success else f"It answered {answer.status}."
    except (OutgoingFailed, OutgoingRefused) as error:
        problem = str(error)
    AlertingEngine.objects.filter(pk=1).update(pinged_at=clock.now(), ping_problem=problem[:200])


def _alarm(row: AlertingEngine) -> None:
    since = "the start" if row.evaluated_at is None else f"{row.evaluated_at:%H:%M:%S} UTC"
    content = MessageContent(
        title="Critical: alerting is silent",
        text=f"No rule has been looked at since {since}. Look at the worker of the queue alerting and at beat.",
        severity="critical",
        url=f"{settings.PUBLIC_URL}/operations/alerts",
        type="alert.silent",
    )
    with transaction.atomic():
        for channel in enabled_channels():
            if channel.is_default:
                key = f"silent-{row.rounds}-{channel.id}"
                queue_message(key=key, channel=channel.name, content=content, source="engine", reason="silent")
        record_event(kind="alert", title="Alerting is silent", key=f"alerting-silent:{row.rounds}")
