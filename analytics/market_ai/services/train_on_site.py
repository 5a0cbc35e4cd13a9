"""The body of the training job. Pulls in the learning libraries: found by name, see ``jobs``."""

from collections.abc import Callable
from typing import Any

from analytics.market_ai.errors import NothingToLearnFrom
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.services.site_contracts import site_contracts
from analytics.market_ai.services.train_model import contracts_digest, train_model


def train_on_site(*, created_by_id: int | None, progress: Callable[[int, int | None, str], None]) -> dict[str, Any]:
    """What the job tells: the version and its status, or why none was made."""
    progress(0, None, "reading resolved markets")
    contracts = site_contracts()
    digest = contracts_digest(contracts)
    known = ModelVersion.objects.filter(data_sha256=digest).order_by("-id").first()
    if known is not None:
        return {"model": known.pk, "status": known.status, "words": "Nothing was answered since it was trained."}
    try:
        model = train_model(
            contracts=contracts,
            data_sha256=digest,
            origin="resolved markets of this site",
            created_by_id=created_by_id,
            progress=progress,
        )
    except NothingToLearnFrom as refusal:
        return {"model": None, "status": "", "words": refusal.detail}
    return {"model": model.pk, "status": model.status, "words": model.verdict}
