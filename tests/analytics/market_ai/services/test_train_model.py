"""Training writes a version that can be proven; promotion keeps one live."""

import hashlib
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditRecord
from analytics.market_ai.engine.learning.training import Trained
from analytics.market_ai.errors import ModelNotFound, ModelNotPromotable, NothingToLearnFrom
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.services.promote_model import promote_if_better, promote_model, roll_back_model
from analytics.market_ai.services.request_training import request_training
from analytics.market_ai.services.train_model import contracts_digest, train_model
from analytics.market_ai.services.train_on_site import train_on_site
from common import clock
from common.jobs.run import run_due_jobs
from tests.analytics.market_ai.contracts import shy_contracts
from tests.analytics.market_ai.registered import register
from tests.factories.accounts import make_dave

pytestmark = pytest.mark.django_db
#: Before the answers of these contracts are dated: what is here is known by now.
NOW = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_trained_model_is_registered_with_all_that_proves_it() -> None:
    contracts = shy_contracts(60)
    said: list[tuple[int, int]] = []
    with clock.replaying(NOW):
        model = train_model(
            contracts=contracts, data_sha256=contracts_digest(contracts), origin="a test", blocks=3,
            progress=lambda done, total, words: said.append((done, total)),
        )  # fmt: skip
    model.refresh_from_db()
    assert model.learned_until == NOW
    assert (model.contracts, model.groups, model.samples) == (60, 30, 360)
    assert model.artefact_sha256 == hashlib.sha256(bytes(model.artefact)).hexdigest()
    assert (model.features[-1], len(model.features), model.parent_id) == ("price_log_odds", 12, None)
    assert model.parameters["library"].startswith("scikit-learn ")
    assert model.status == ("candidate" if model.verdict != "It passed every rule of promotion." else "live")
    assert said == [(1, 5), (2, 5), (3, 5), (4, 5)]


def test_too_little_stores_nothing() -> None:
    with pytest.raises(NothingToLearnFrom, match="12 answered contracts"):
        train_model(contracts=shy_contracts(12), data_sha256="", origin="a test")
    assert not ModelVersion.objects.exists()


def test_the_site_without_answers_tells_so() -> None:
    told = train_on_site(created_by_id=None, progress=lambda *_: None)
    assert told["model"] is None
    assert told["words"].startswith("Found 0 answered contracts")
    with pytest.raises(CommandError, match="0 answered contracts"):
        call_command("train_models", stdout=StringIO(), stderr=StringIO())
    assert not ModelVersion.objects.exists()


def test_the_digest_follows_the_data() -> None:
    contracts = shy_contracts(5)
    assert contracts_digest(contracts) == contracts_digest(contracts[::-1])
    assert contracts_digest(contracts) != contracts_digest(contracts[:4])


def test_promotion_retires_the_live_one_and_is_audited(
    live_model: ModelVersion, trained: Trained, packed: bytes
) -> None:
    newer = promote_if_better(model_id=register(trained, packed).pk)
    live_model.refresh_from_db()
    assert (newer.status, live_model.status) == ("live", "retired")
    record = AuditRecord.objects.get(action="market_ai.promote_model")
    assert (record.before, record.after) == ({"live": live_model.pk}, {"live": newer.pk})


def test_a_worse_one_stays_a_candidate_with_its_reasons(
    live_model: ModelVersion, trained: Trained, packed: bytes
) -> None:
    worse = promote_if_better(model_id=register(trained, packed, contracts=10).pk)
    assert (worse.status, worse.verdict) == (
        "candidate", "It learned from 10 contracts, the live model from 100."
    )  # fmt: skip
    with pytest.raises(ModelNotPromotable, match="learned from 10"):
        promote_model(model_id=worse.pk, actor_id=make_dave().pk)
    assert ModelVersion.objects.get(status="live") == live_model


def test_a_damaged_one_is_refused(live_model: ModelVersion, trained: Trained, packed: bytes) -> None:
    broken = register(trained, packed, artefact=packed[:-1] + b"!")
    with pytest.raises(ModelNotPromotable, match="SHA-256"):
        promote_model(model_id=broken.pk, actor_id=make_dave().pk)
    assert ModelVersion.objects.get(status="live") == live_model


def test_what_can_not_be_promoted_or_rolled_back(live_model: ModelVersion) -> None:
    with pytest.raises(ModelNotPromotable, match="live already"):
        promote_model(model_id=live_model.pk, actor_id=make_dave().pk)
    with pytest.raises(ModelNotFound):
        promote_model(model_id=10**9, actor_id=make_dave().pk)
    with pytest.raises(ModelNotPromotable, match="No version was live before"):
        roll_back_model(actor_id=make_dave().pk)
    assert ModelVersion.objects.get(status="live") == live_model


def test_the_job_finds_its_work_by_name() -> None:
    job = request_training(actor_id=make_dave().pk)
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.result["model"]) == ("COMPLETED", None)
    assert job.result["words"].startswith("Found 0 answered contracts")
