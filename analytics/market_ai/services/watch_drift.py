"""Compare what the live model is asked with what it learned from, and its record with the price's.

Contract   Stores both on the version: the stability index of each feature over the open markets, and Brier score and
           log loss of model and price at the same moments on markets that were answered since.
"""

import logging
from typing import Any, Final

from analytics.market_ai.engine.drift import ALARM, stability_index
from analytics.market_ai.engine.predictor import ModelDamaged, loaded
from analytics.market_ai.models import MarketPrediction, ModelVersion
from analytics.market_ai.selectors.record import live_record
from analytics.market_ai.types import ModelStatus
from common import clock

logger = logging.getLogger(__name__)
_MARKETS_MAX: Final = 2_000


def watch_drift() -> dict[str, Any]:
    """What was found, as it is stored; empty without a live model."""
    model = ModelVersion.objects.filter(status=ModelStatus.LIVE).first()
    if model is None:
        return {}
    try:
        ranges = loaded(bytes(model.artefact), model.artefact_sha256).ranges
    except ModelDamaged as error:
        logger.error("the live model %s can't be read: %s", model.pk, error)
        return {"problem": str(error)}
    told = MarketPrediction.objects.filter(cold_reason="").order_by("-made_at")
    features = list(told.values_list("features", flat=True)[:_MARKETS_MAX])
    index = {name: stability_index(then, [one[name] for one in features]) for name, then in ranges.items()}
    drifted = sorted(name for name, value in index.items() if value is not None and value > ALARM)
    found = {"index": index, "markets": len(features), "drifted": drifted, "record": live_record(model.pk)}
    ModelVersion.objects.filter(pk=model.pk).update(drift=found, drift_at=clock.now())
    if drifted:
        logger.warning("model %s is asked about markets unlike those it learned from: %s", model.pk, ", ".join(drifted))
    return found
