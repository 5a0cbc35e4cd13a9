"""Endpoints that nobody hears are switched off, and their owners told elsewhere.

Contract   What waits stays, and goes on when the owner switches it on again; what happens meanwhile can be asked for as
           a replay. Safe to repeat.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from alerting.engine.webhooks.ladder import FAILING_S_MAX, WAITING_MAX
from alerting.engine.words import Words
from alerting.models import Channel, Delivery, DeliveryStatus, NoticeKind, SwitchedOff, WebhookEndpoint
from alerting.services._telling import tell
from common import clock
from common.audit import record_audit

PATH: Final = "/settings/webhooks"
_WORDS: Final = {
    SwitchedOff.GONE: Words("webhook.gone"),
    SwitchedOff.FAILING: Words("webhook.failing"),
    SwitchedOff.BACKLOG: Words("webhook.backlog", {"number": f"{WAITING_MAX:,}"}),
}


def switch_off_gone(channel_id: int) -> None:
    """In the transaction that notes the answer."""
    for endpoint in WebhookEndpoint.objects.filter(channel=channel_id, switched_off=""):
        _switch_off(endpoint.pk, SwitchedOff.GONE)


def watch_endpoints() -> int:
    """How many were switched off: those that failed for too long, have too much waiting, or a suspended owner."""
    listening = WebhookEndpoint.objects.filter(switched_off="")
    if not listening.exists():
        return 0
    failing = Q(channel__failing_since__lte=clock.now() - timedelta(seconds=FAILING_S_MAX))
    found = dict.fromkeys(listening.filter(failing).values_list("pk", flat=True), SwitchedOff.FAILING)
    found |= dict.fromkeys(_overfull(), SwitchedOff.BACKLOG)
    suspended = listening.filter(user__is_active=False).values_list("pk", flat=True)
    found |= dict.fromkeys(suspended, SwitchedOff.SUSPENDED)
    return sum(_switch_off(endpoint_id, reason) for endpoint_id, reason in found.items())


def _overfull() -> list[int]:
    waiting = Delivery.objects.filter(status=DeliveryStatus.WAITING, channel__endpoint__switched_off="")
    counted = waiting.values("channel__endpoint").annotate(count=Count("pk")).filter(count__gt=WAITING_MAX)
    return list(counted.values_list("channel__endpoint", flat=True))


@transaction.atomic
def _switch_off(endpoint_id: int, reason: SwitchedOff) -> bool:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id, switched_off="").first()
    if endpoint is None:
        return False
    endpoint.switched_off, endpoint.switched_off_at = reason, clock.now()
    endpoint.save(update_fields=["switched_off", "switched_off_at"])
    Channel.objects.filter(pk=endpoint.channel_id).update(is_enabled=False)
    record_audit(actor_id=None, action="webhook.switched_off", target=endpoint, after={"reason": reason})
    if reason in _WORDS:
        # A moment of its own, so that it is told anew when it happens again.
        key = f"webhook:{endpoint.pk}:{endpoint.switched_off_at:%Y%m%d%H%M%S}"
        title = Words("webhook.off", {"name": endpoint.description or str(endpoint.pk)})
        tell([endpoint.user_id], kind=NoticeKind.WEBHOOK, key=key, title=title, text=_WORDS[reason], path=PATH)
    return True
