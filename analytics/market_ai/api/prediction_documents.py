"""An estimate as JSON."""

from datetime import datetime
from typing import Any

from analytics.market_ai.engine.forecasting import OutcomeForecast
from analytics.market_ai.selectors.predictions import MarketForecast
from common.clock import rfc3339


def prediction_document(one: MarketForecast) -> dict[str, Any]:
    return {
        "market_id": one.market_id,
        "market_status": one.status,
        "is_cold": one.is_cold,
        "cold_reason": one.cold_reason or None,
        "made_at": _moment(one.made_at),
        "model_version": one.model_version,
        "outcomes": [_outcome(slug, each) for slug, each in zip(one.slugs, one.outcomes, strict=False)],
        "risk_assessment": {"level": one.risk_level, "reasons": list(one.risk_reasons)} if one.risk_level else None,
        "features": dict(one.features),
    }


def _outcome(slug: str, one: OutcomeForecast) -> dict[str, Any]:
    return {
        "outcome": slug,
        "market_price": one.price,
        "probability": one.probability,
        "interval_80": [one.low, one.high],
        "confidence": one.confidence,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
