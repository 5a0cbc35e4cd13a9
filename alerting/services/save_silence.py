"""Make silences, and end them: a silence is never deleted."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from alerting.engine.matchers import read_matchers
from alerting.engine.matchers import text as matchers_text
from alerting.engine.silences import Silence as SilenceOf
from alerting.engine.silences import expired, new_silence
from alerting.errors import SettingNotFound
from alerting.models import Silence
from alerting.selectors.moments import moment
from alerting.selectors.routing import silence_of
from common import clock
from common.audit import record_audit


def create_silence(
    *, matchers: str, starts_at: datetime, ends_at: datetime, comment: str, author: str, actor_id: int, ip: str = ""
) -> Silence:
    """Raises: MatcherInvalid, RoutingInvalid"""
    now = clock.now()
    asked = SilenceOf("", read_matchers(matchers), starts_at.timestamp(), ends_at.timestamp(), now.timestamp())
    checked = new_silence(replace(asked, author=author, comment=comment), now.timestamp())
    with transaction.atomic():
        row = Silence.objects.create(
            matchers=matchers_text(checked.matchers),
            starts_at=moment(checked.starts_at),
            ends_at=moment(checked.ends_at),
            updated_at=now,
            author=author[:150],
            comment=comment[:500],
        )
        after = {"matchers": row.matchers, "ends_at": str(row.ends_at)}
        record_audit(actor_id=actor_id, action="alerting.silence_created", target=row, after=after, ip=ip)
    return row


def expire_silence(*, silence_id: int, actor_id: int, ip: str = "") -> Silence:
    """End it now.

    Raises: SettingNotFound, RoutingInvalid when it has ended already
    """
    with transaction.atomic():
        row = Silence.objects.select_for_update().filter(pk=silence_id).first()
        if row is None:
            raise SettingNotFound("List them with GET intelligent-alerting/silences.")
        ended = expired(silence_of(row), clock.now().timestamp())
        row.starts_at, row.ends_at, row.updated_at = moment(ended.starts_at), moment(ended.ends_at), clock.now()
        row.save(update_fields=["starts_at", "ends_at", "updated_at"])
        record_audit(actor_id=actor_id, action="alerting.silence_expired", target=row, ip=ip)
    return row
