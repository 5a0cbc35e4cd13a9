"""Switch a feature flag while the site runs."""

from django.db import transaction

from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit
from common.flags.declared import FLAGS
from common.flags.events import FlagSwitched
from common.models import Flag


def switch_flag(*, name: str, is_on: bool | None, actor_id: int | None, reason: str, ip: str = "") -> Flag:
    """On, off, or (``None``) as declared again; every process follows within two seconds. Recorded in the audit trail.

    Publishes: FlagSwitched
    """
    assert name in FLAGS, f"no flag {name} is declared"
    with transaction.atomic():
        provide_flags()
        flag = Flag.objects.select_for_update().get(name=name)
        before, flag.is_on, flag.changed_at = flag.is_on, is_on, clock.now()
        flag.save(update_fields=["is_on", "changed_at"])
        record_audit(
            actor_id=actor_id,
            action="common.switch_flag",
            target=flag,
            reason=reason,
            before={"is_on": before},
            after={"is_on": is_on},
            ip=ip,
        )
        publish_on_commit(FlagSwitched(name))
    return flag


def provide_flags() -> None:
    """A row for each declared flag, so that staff see all of them; those that are no longer declared go."""
    Flag.objects.exclude(name__in=FLAGS).delete()
    Flag.objects.bulk_create([Flag(name=name) for name in FLAGS], ignore_conflicts=True)
