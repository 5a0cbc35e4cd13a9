"""Jobs and feature flags in the administration: who sees, who acts, what is recorded."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.services.create_user import create_user
from accounts.types import Role
from common import clock
from common.jobs.claim import claim_job
from common.models import Flag, Job
from tests.factories.accounts import make_dave
from trading.services.request_statement import request_statement

pytestmark = pytest.mark.django_db


def _entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator() -> Client:
    return _entered(make_dave())


@pytest.fixture
def analyst() -> Client:
    return _entered(create_user(handle="carla", roles=(Role.ANALYST,)))


@pytest.fixture
def job() -> Job:
    return request_statement(user_id=7)


def _records() -> list[tuple[Any, ...]]:
    found = AuditRecord.objects.filter(action__startswith="common.").order_by("id")
    return list(found.values_list("action", "object_type", "reason", "before", "after"))


def test_attempts_are_shown(operator: Client, job: Job) -> None:
    claim_job()
    assert b"Ledger statement" in operator.get("/admin/common/job/").content
    page = operator.get(f"/admin/common/job/{job.pk}/change/")
    assert page.status_code == 200
    assert str(job.attempts.get().worker) in page.content.decode()


def test_cancelling_and_running_again(operator: Client, job: Job) -> None:
    place = f"/admin/common/job/{job.pk}"
    assert operator.post(f"{place}/do/repeat/", {"reason": "x"}).status_code == 403
    assert operator.post(f"{place}/do/cancel/", {"reason": ""}).status_code == 422
    assert operator.post(f"{place}/do/cancel/", {"reason": "Not needed."}).status_code == 302
    job.refresh_from_db()
    assert (job.status, job.error) == ("CANCELLED", "Not needed.")
    Job.objects.filter(pk=job.pk).update(status="FAILED", ended_at=clock.now(), failures=3)
    assert operator.post(f"{place}/do/repeat/", {"reason": "The disk has room again."}).status_code == 302
    job.refresh_from_db()
    assert (job.status, job.failures) == ("PENDING", 0)
    assert _records() == [
        ("common.cancel_job", "common.job", "Not needed.", {"status": "PENDING"}, {"status": "CANCELLED"}),
        ("common.repeat_job", "common.job", "The disk has room again.", {"status": "FAILED"}, {"status": "PENDING"}),
    ]


def test_switching_a_flag(operator: Client) -> None:
    flag = Flag.objects.get(name="sign_up_open")
    place = f"/admin/common/flag/{flag.pk}"
    assert b"as declared (on)" in operator.get("/admin/common/flag/").content
    assert operator.post(f"{place}/do/reset/", {"reason": "x"}).status_code == 403
    assert operator.post(f"{place}/do/off/", {"reason": "A flood of bots."}).status_code == 302
    flag.refresh_from_db()
    assert flag.is_on is False
    assert _records() == [
        ("common.switch_flag", "common.flag", "A flood of bots.", {"is_on": None}, {"is_on": False}),
    ]


def test_analysts_look_and_touch_nothing(analyst: Client, job: Job) -> None:
    flag = Flag.objects.get(name="sign_up_open")
    for path in ("job", f"job/{job.pk}/change", "flag", f"flag/{flag.pk}/change"):
        assert analyst.get(f"/admin/common/{path}/").status_code == 200
    for path in (f"job/{job.pk}/do/cancel", f"flag/{flag.pk}/do/off"):
        assert analyst.post(f"/admin/common/{path}/", {"reason": "x"}).status_code == 403
    job.refresh_from_db()
    assert (job.status, Flag.objects.get(pk=flag.pk).is_on, _records()) == ("PENDING", None, [])
