import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import AuditRecord
from accounts.services.record_audit import record_audit
from common import clock
from tests.factories.accounts import make_alice, make_dave

pytestmark = pytest.mark.django_db


def _record() -> AuditRecord:
    record_audit(
        actor_id=make_dave().pk,
        action="accounts.suspend_user",
        target=make_alice(),
        reason="Spam.",
        before={"is_active": True},
        after={"is_active": False},
        ip="192.0.2.1",
    )
    return AuditRecord.objects.get()


def test_who_did_what_to_what_and_why() -> None:
    with time_machine.travel(clock.now(), tick=False):
        record = _record()
        assert record.at == clock.now()
    assert (record.actor, record.action, record.reason, record.ip) == (
        make_dave(),
        "accounts.suspend_user",
        "Spam.",
        "192.0.2.1",
    )
    assert (record.object_type, record.object_id) == ("accounts.user", str(make_alice().pk))
    assert (record.before, record.after) == ({"is_active": True}, {"is_active": False})


def test_a_record_is_never_changed_or_deleted() -> None:
    record = _record()
    before = AuditRecord.objects.values().get()
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        AuditRecord.objects.filter(pk=record.pk).update(reason="Nothing.")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        record.delete()
    assert AuditRecord.objects.values().get() == before
