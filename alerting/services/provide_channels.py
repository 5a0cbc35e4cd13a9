"""Bring the channels that the product and ``config/alerting.yaml`` name, and a policy to begin with.

Contract   After each migration. What people have changed stays as they made it: a channel of the file follows the file
           only as long as nobody changed it in the site.
"""

from typing import Any, Final

from django.conf import settings
from django.db import transaction

from alerting.engine.channels.configs import read_config, shown
from alerting.models import Channel, ChannelKind, EscalationPlan
from alerting.services._config import sealed
from common import clock
from common.configuration.alerting import Channel as Configured

IN_APP: Final = "in-app"
EMAIL: Final = "email"
SLACK: Final = "slack"
PLAN: Final = "operators"
#: An outage of the mail server of about an hour is waited for.
_EMAIL_RETRIES: Final = 12
_STEPS: Final = [
    {"targets": [f"channel:{IN_APP}"], "wait": "10m"},
    {"targets": [f"channel:{IN_APP}", f"channel:{EMAIL}"], "wait": "10m"},
]


@transaction.atomic
def provide_channels() -> None:
    _provide(IN_APP, ChannelKind.IN_APP, {}, "built_in", is_default=True)
    _provide(EMAIL, ChannelKind.EMAIL, {}, "built_in", timeout_s=10.0, retry_attempts=_EMAIL_RETRIES)
    if settings.SLACK_WEBHOOK_URL:
        # The address stays in the environment: it is read when something is sent.
        _provide(SLACK, ChannelKind.SLACK, {}, "built_in", is_default=True)
    for one in settings.ALERTING_CONFIG.channels:
        _follow_file(one)
    if not EscalationPlan.objects.exists():
        now = clock.now()
        document = {"steps": _STEPS}
        EscalationPlan.objects.create(name=PLAN, document=document, is_default=True, created_at=now, updated_at=now)


def _provide(name: str, kind: str, config: dict[str, Any], origin: str, **more: Any) -> None:
    if not Channel.objects.filter(name__iexact=name).exists():
        now, read = clock.now(), read_config(kind, config, is_partial=True)
        Channel.objects.create(
            name=name,
            kind=kind,
            sealed=sealed(read),
            shown=shown(kind, read),
            origin=origin,
            created_at=now,
            updated_at=now,
            **more,
        )


def _follow_file(one: Configured) -> None:
    given: dict[str, Any] = {"recipients": list(one.recipients)} if one.recipients else {"url": one.url}
    numbers = {"timeout_s": one.timeout_s, "retry_attempts": one.retry_attempts}
    _provide(one.name, one.kind, given, "config", is_default=True, **numbers)
    read = read_config(one.kind, given, is_partial=True)
    mine = Channel.objects.filter(name__iexact=one.name, origin="config", kind=one.kind)
    mine.update(sealed=sealed(read), shown=shown(one.kind, read), **numbers)
