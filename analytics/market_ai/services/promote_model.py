"""Make a version live, and take it back.

Contract   One transaction under a lock on the registry: the live version retires, the new one becomes live. Nobody
           is live twice (a unique constraint says so again). An artefact that isn't the one training wrote is refused.
           Each change is audited.
"""

from django.db import connection, transaction

from analytics.market_ai.engine.predictor import ModelDamaged, loaded
from analytics.market_ai.engine.promotion import objections
from analytics.market_ai.errors import ModelNotFound, ModelNotPromotable
from analytics.market_ai.events import ModelPromoted
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.types import ModelStatus
from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit

_LOCK = 0x4D41_4931
_PASSED = "It passed every rule of promotion."


def promote_if_better(*, model_id: int) -> ModelVersion:
    """The version: live if it passed the rule, else a candidate whose ``verdict`` says why not.

    Raises: ModelNotFound. Publishes: ModelPromoted
    """
    with transaction.atomic():
        model = _locked(model_id)
        against = _objections(model)
        if not against:
            return _make_live(model, actor_id=None, reason=_PASSED)
        model.verdict = " ".join(against)[:500]
        model.save(update_fields=["verdict"])
        return model


def promote_model(*, model_id: int, actor_id: int, reason: str = "", ip: str = "") -> ModelVersion:
    """By hand, and by the same rule. Raises: ModelNotFound, ModelNotPromotable. Publishes: ModelPromoted"""
    with transaction.atomic():
        model = _locked(model_id)
        if model.status == ModelStatus.LIVE:
            raise ModelNotPromotable("It is live already.")
        against = _objections(model)
        if against:
            raise ModelNotPromotable(" ".join(against))
        return _make_live(model, actor_id=actor_id, reason=reason or "Promoted by hand.", ip=ip)


def roll_back_model(*, actor_id: int, reason: str = "", ip: str = "") -> ModelVersion:
    """The version that was live before is live again; it was good enough once, so no rule is asked.

    Raises: ModelNotPromotable without one. Publishes: ModelPromoted
    """
    with transaction.atomic():
        _lock_registry()
        earlier = ModelVersion.objects.filter(status=ModelStatus.RETIRED).order_by("-retired_at", "-id").first()
        if earlier is None:
            raise ModelNotPromotable("No version was live before this one.")
        return _make_live(earlier, actor_id=actor_id, reason=reason or "Rolled back.", ip=ip)


def _lock_registry() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _locked(model_id: int) -> ModelVersion:
    _lock_registry()
    model = ModelVersion.objects.filter(pk=model_id).first()
    if model is None:
        raise ModelNotFound("Look it up on the page of models.")
    return model


def _objections(model: ModelVersion) -> list[str]:
    live = ModelVersion.objects.filter(status=ModelStatus.LIVE).exclude(pk=model.pk).first()
    return objections(model.metrics, contracts=model.contracts, live_contracts=live.contracts if live else 0)


def _make_live(model: ModelVersion, *, actor_id: int | None, reason: str, ip: str = "") -> ModelVersion:
    try:
        loaded(bytes(model.artefact), model.artefact_sha256)
    except ModelDamaged as error:
        raise ModelNotPromotable(f"Its stored bytes can't be used: {error}. Train it again.") from error
    now, before = clock.now(), ModelVersion.objects.filter(status=ModelStatus.LIVE).first()
    if before is not None:
        before.status, before.retired_at = ModelStatus.RETIRED, now
        before.save(update_fields=["status", "retired_at"])
    model.status, model.promoted_at, model.retired_at, model.verdict = ModelStatus.LIVE, now, None, reason[:500]
    model.save(update_fields=["status", "promoted_at", "retired_at", "verdict"])
    record_audit(
        actor_id=actor_id,
        action="market_ai.promote_model",
        target=model,
        reason=reason,
        before={"live": before.pk if before else None},
        after={"live": model.pk},
        ip=ip,
    )
    publish_on_commit(ModelPromoted(model.pk))
    return model
