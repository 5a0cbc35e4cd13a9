"""Targets in the administration: analysts see, operators change, and it is recorded."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.types import Role
from common.sealing import unseal
from monitoring.scaling.models import ScalingTarget
from monitoring.scaling.services.provide_defaults import provide_defaults
from monitoring.scaling.types import WEBHOOK_SEAL
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


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"actuator": "kubernetes", "workload": "web"}, "namespace/deployment/name"),
        ({"actuator": "webhook", "webhook_url": "http://127.0.0.1/scale"}, "webhook_url"),
        ({"actuator": "webhook"}, "webhook_url"),
        ({"webhook_key": "whsec_not base64"}, "has to be base64"),
    ],
)
def test_a_place_that_can_not_be_told_is_refused(worker: ScalingTarget, change: dict[str, str], words: str) -> None:
    answer = entered(make_dave()).post(f"/admin/scaling/scalingtarget/{worker.pk}/change/", CHANGE | change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    worker.refresh_from_db()
    assert worker.actuator == "advisory"
    assert records() == []


def test_the_key_of_a_webhook_is_kept_sealed_and_never_shown(worker: ScalingTarget) -> None:
    dave, key = entered(make_dave()), "a key that nobody else knows"
    place = {"actuator": "webhook", "webhook_url": "https://hooks.example.com/scale", "webhook_key": key}
    address = f"/admin/scaling/scalingtarget/{worker.pk}/change/"
    assert dave.post(address, CHANGE | place).status_code == 302
    worker.refresh_from_db()
    assert unseal(worker.webhook_sealed, purpose=WEBHOOK_SEAL) == key
    assert key not in dave.get(address).content.decode()
    assert key not in str(records())
    assert records()[0][2]["webhook_sealed"] == "changed"
    # An empty field leaves it.
    assert dave.post(address, CHANGE | place | {"webhook_key": "", "fallback_count": 2}).status_code == 302
    assert ScalingTarget.objects.get(pk=worker.pk).webhook_sealed == worker.webhook_sealed
