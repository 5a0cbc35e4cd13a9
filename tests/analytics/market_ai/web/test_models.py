"""The model card, and what staff may do with it."""

import re

import pytest
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.types import Role
from analytics.market_ai.engine.learning.training import Trained
from analytics.market_ai.models import ModelVersion
from common.models import Job
from tests.analytics.market_ai.registered import register
from tests.factories.accounts import make_alice, make_dave, make_user

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_card_shows_the_live_model(live_model: ModelVersion) -> None:
    page = client_of(make_user("carol", roles=(Role.ANALYST,))).get("/analytics/models").content.decode()
    assert f"Model {live_model.pk}" in page
    assert "price_volatility" in page
    assert page.count('class="figure-model"') >= 10
    # An analyst reads; only operators act.
    assert "Roll back" not in page
    assert re.search(r"\sstyle=|<script(?![^>]*src)", page) is None


def test_there_is_a_page_before_there_is_a_model(db: None) -> None:
    page = client_of(make_user("carol", roles=(Role.ANALYST,))).get("/analytics/models").content.decode()
    assert "No model yet" in page
    assert "historical_accuracy" in page


def test_traders_and_visitors_are_kept_out(live_model: ModelVersion) -> None:
    assert client_of(make_alice()).get("/analytics/models").status_code == 403
    assert Client().get("/analytics/models").status_code == 302
    assert client_of(make_user("carol", roles=(Role.ANALYST,))).get("/analytics/models/999999").status_code == 404


def test_an_operator_promotes_and_rolls_back(live_model: ModelVersion, trained: Trained, packed: bytes) -> None:
    newer = register(trained, packed)
    client = client_of(make_dave())
    page = client.post(f"/analytics/models/{newer.pk}/promote", {"reason": "Try it"}, follow=True).content.decode()
    assert f"Model {newer.pk} is live." in page
    assert statuses(live_model, newer) == ["retired", "live"]
    page = client.post("/analytics/models/roll-back", follow=True).content.decode()
    assert f"Model {live_model.pk} is live again." in page
    assert statuses(live_model, newer) == ["live", "retired"]
    assert [one.reason for one in AuditRecord.objects.filter(action="market_ai.promote_model").order_by("id")] == [
        "Try it",
        "Rolled back.",
    ]


@pytest.mark.parametrize("address", ["train", "roll-back", "{pk}/promote"])
def test_an_analyst_may_not_act(address: str, live_model: ModelVersion, trained: Trained, packed: bytes) -> None:
    newer = register(trained, packed)
    answer = client_of(make_user("carol", roles=(Role.ANALYST,))).post(
        f"/analytics/models/{address.format(pk=newer.pk)}"
    )
    assert answer.status_code == 403
    assert statuses(live_model, newer) == ["live", "candidate"]
    assert not Job.objects.filter(kind="train_market_model").exists()


def test_a_worse_model_is_refused_with_the_reason(live_model: ModelVersion, trained: Trained, packed: bytes) -> None:
    metrics = trained.metrics | {"against_live": None}
    worse = {**metrics["pooled"], "brier_difference": {"mean": 0.01, "low": 0.0, "high": 0.02, "is_noise": False}}
    newer = register(trained, packed, metrics=metrics | {"pooled": worse})
    page = client_of(make_dave()).post(f"/analytics/models/{newer.pk}/promote", follow=True).content.decode()
    assert "Brier score is 0.01000 worse than the price" in page
    assert statuses(live_model, newer) == ["live", "candidate"]


def test_training_is_a_job_of_one_at_a_time(db: None) -> None:
    client = client_of(make_dave())
    assert "Training is job" in client.post("/analytics/models/train", follow=True).content.decode()
    assert "Wait until" in client.post("/analytics/models/train", follow=True).content.decode()
    assert Job.objects.filter(kind="train_market_model").count() == 1


def statuses(*models: ModelVersion) -> list[str]:
    for model in models:
        model.refresh_from_db()
    return [str(model.status) for model in models]
