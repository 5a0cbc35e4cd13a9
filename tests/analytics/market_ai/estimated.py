"""A stored estimate without a model that made it."""

from datetime import UTC, datetime

from analytics.market_ai.models import MarketPrediction, ModelVersion
from common import clock

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def keep_estimate(market_id: int, *, model_id: int = 3) -> MarketPrediction:
    """Of a binary market, by live model ``model_id``."""
    model = ModelVersion.objects.create(
        id=model_id, status="live", created_at=MOMENT, origin="histories", data_sha256="0" * 64, contracts=1_744,
        groups=1_082, samples=6_178, learned_from=MOMENT, learned_until=MOMENT, features=[], parameters={},
        metrics={}, artefact=b"", artefact_sha256="0" * 64,
    )  # fmt: skip
    yes = {"price": 0.5512, "probability": 0.5624, "low": 0.1276, "high": 0.9972, "confidence": 0.5939}
    no = {"price": 0.4488, "probability": 0.4376, "low": 0.0028, "high": 0.8724, "confidence": 0.5939}
    return MarketPrediction.objects.create(
        market_id=market_id, seq=4, made_at=clock.now(), model=model, outcomes=[yes, no], risk="medium",
        features={"total_volume": 1.2, "days_remaining": 6.9, "liquidity_score": 0.74},
        reasons=["Only 7 traders set this price."],
    )  # fmt: skip
