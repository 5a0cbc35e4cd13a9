"""Targets in the administration: analysts see, operators change, and it is recorded."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.types import Role
from monitoring.scaling.models import ScalingTarget
from monitoring.scaling.services.provide_defaults import provide_defaults
from tests.factories.accounts import make_dave, make_user

pytestmark = pytest.mark.django_db
CHANGE = {
    "actuator": "celery", "pause": "in", "mode": "forecast_only", "fallback": "hold", "fallback_count": 1,
    "cost_cents_per_hour": 4,
}  # fmt: skip


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def worker() -> ScalingTarget:
    provide_defaults()
    return ScalingTarget.objects.get(name="worker")


def records() -> list[tuple[Any, ...]]:
    found = AuditRecord.objects.filter(action__startswith="scaling.")
    return list(found.values_list("action", "before", "after"))


def test_an_operator_says_who_carries_it_out(worker: ScalingTarget) -> None:
    answer = entered(make_dave()).post(f"/admin/scaling/scalingtarget/{worker.pk}/change/", CHANGE)
    assert answer.status_code == 302
    worker.refresh_from_db()
    assert (worker.actuator, worker.pause, worker.cost_cents_per_hour) == ("celery", "in", 4)
    assert records() == [
        (
            "scaling.target_changed",
            {"actuator": "advisory", "pause": "none", "cost_cents_per_hour": 0},
            {"actuator": "celery", "pause": "in", "cost_cents_per_hour": 4},
        )
    ]


def test_an_analyst_only_sees(worker: ScalingTarget) -> None:
    analyst = entered(make_user("ana", roles=(Role.ANALYST,)))
    assert b"worker" in analyst.get("/admin/scaling/scalingtarget/").content
    answer = analyst.post(f"/admin/scaling/scalingtarget/{worker.pk}/change/", CHANGE)
    assert answer.status_code == 403
    worker.refresh_from_db()
    assert worker.actuator == "advisory"
    assert records() == []
