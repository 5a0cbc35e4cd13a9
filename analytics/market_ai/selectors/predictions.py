"""The stored estimates, as pages and the API read them; light enough for every web process.

Bound      One statement for one market or a hundred, by their keys. A reader of one market gets what was read within
           ``FRESH_S``; estimates change no more often than each ten seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import connection

from analytics.market_ai.engine.forecasting import OutcomeForecast
from common.caching.memory_cache import memory_cache

FRESH_S: Final = 1.0
_SELECT: Final = """
SELECT m.id, m.status, COALESCE(p.cold_reason, ''), p.made_at, p.model_id, COALESCE(p.outcomes, '[]')::text,
       COALESCE(p.features, '{}')::text, COALESCE(p.risk, ''), COALESCE(p.reasons, '[]')::text,
       ARRAY(SELECT o.slug FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index)
FROM markets_market m LEFT JOIN market_ai_marketprediction p ON p.market_id = m.id
WHERE m.id = ANY(%(markets)s) AND m.status <> 'draft'
"""
_NOT_YET: Final = "It hasn't been looked at yet; that takes some seconds after it opens."
_OVER: Final = "It ended before an estimate was made."
_RUNNING: Final = frozenset({"open", "halted"})


@dataclass(frozen=True, slots=True)
class MarketForecast:
    """What is known of a market. ``outcomes`` in the order of ``slugs``, empty when cold; ``risk_level`` is a
    ``types.RiskLevel`` or empty; ``features`` are those of the first outcome."""

    market_id: int
    status: str
    is_cold: bool
    cold_reason: str
    made_at: datetime | None
    model_version: int | None
    slugs: tuple[str, ...]
    outcomes: tuple[OutcomeForecast, ...]
    features: Mapping[str, float]
    risk_level: str
    risk_reasons: tuple[str, ...]


@memory_cache(FRESH_S, entries_max=5_000)
def market_prediction(market_id: int) -> MarketForecast | None:
    """None for a market that doesn't exist or is a draft."""
    return market_predictions([market_id]).get(market_id)


def market_predictions(market_ids: Sequence[int]) -> dict[int, MarketForecast]:
    """By market id; those that don't exist, and drafts, are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, {"markets": list(market_ids)})
        return {row[0]: _forecast(row) for row in cursor.fetchall()}


def _forecast(row: Sequence[Any]) -> MarketForecast:
    market_id, status, cold, made_at, model, outcomes, features, risk, reasons, slugs = row
    told = tuple(OutcomeForecast(**one) for one in orjson.loads(outcomes))
    if not told and not cold:
        cold = _NOT_YET if status in _RUNNING else _OVER
    return MarketForecast(
        market_id=market_id,
        status=status,
        is_cold=not told,
        cold_reason=cold,
        made_at=made_at,
        model_version=model,
        slugs=tuple(slugs),
        outcomes=told,
        features=orjson.loads(features),
        risk_level=risk,
        risk_reasons=tuple(orjson.loads(reasons)),
    )
