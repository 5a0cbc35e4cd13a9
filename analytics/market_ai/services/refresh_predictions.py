"""Estimate the open markets that changed since their last estimate.

Contract   A market is asked again once its journal went on and its last estimate is ``QUIET_S`` old, and each hour in
           any case, because time passes for it as well; a new live model asks all. Markets are folded on from where
           they were (``MarketFeatures``), by the same code that training uses, and written in a handful of statements.
           A market of which too little is known gets a reason instead of a number. Safe to run twice and by two: who
           finds somebody at work leaves it to them. Nothing that trading needs is locked.
Bound      ``MARKETS_MAX`` markets a call, ten statements and their minutes since the last call.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from django.db import connection, transaction

from analytics.market_ai.engine.features import NAMES, FeatureState, features_of, fold
from analytics.market_ai.engine.forecasting import ColdMarket, Forecast, forecast
from analytics.market_ai.engine.predictor import ModelDamaged, Predictor, loaded
from analytics.market_ai.engine.standing import accuracy_of, risk_of
from analytics.market_ai.events import PredictionsChanged
from analytics.market_ai.models import MarketFeatures, MarketPrediction, ModelVersion, PredictionRecord
from analytics.market_ai.selectors.due import DueMarket, due_markets
from analytics.market_ai.selectors.standings import standings
from analytics.market_ai.selectors.tape import Ticks, continued, new_ticks
from analytics.market_ai.types import ModelStatus, Surroundings, Tick
from analytics.sentiment.selectors.tone import news_tones, social_tones
from common import clock
from common.bus import publish_on_commit

MARKETS_MAX: Final = 200
NOTED_STEP: Final = 0.005
_LOCK: Final = 0x4D41_4933
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NO_MODEL: Final = "No model has been trained yet that is better than the price."
_DAMAGED: Final = "The stored model can't be read; staff have to train or roll back."


def refresh_predictions(*, markets_max: int = MARKETS_MAX) -> int:
    """How many markets were looked at. Publishes: PredictionsChanged"""
    now = clock.now()
    model = ModelVersion.objects.filter(status=ModelStatus.LIVE).only("pk", "artefact_sha256").first()
    predictor, problem = _predictor(model)
    with transaction.atomic():
        if not _is_mine():
            return 0
        due = due_markets(now=now, model_id=predictor.version if predictor else None, limit=markets_max)
        if not due:
            return 0
        states = _folded(due, now)
        found = _estimates(due, states, predictor, problem, now)
        _store(found, now)
        publish_on_commit(PredictionsChanged(tuple(one.market_id for one in due)))
        return len(due)


def _is_mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def _predictor(model: ModelVersion | None) -> tuple[Predictor | None, str]:
    if model is None:
        return None, _NO_MODEL
    try:
        return _loaded(model.pk, model.artefact_sha256), ""
    except ModelDamaged:
        return None, _DAMAGED


@lru_cache(maxsize=2)
def _loaded(model_id: int, sha256: str) -> Predictor:
    packed = ModelVersion.objects.values_list("artefact", flat=True).get(pk=model_id)
    return loaded(bytes(packed), sha256, model_id)


def forget_models() -> None:
    """Drop loaded models; for tests, whose databases reuse version numbers."""
    _loaded.cache_clear()


def _folded(due: Sequence[DueMarket], now: datetime) -> dict[int, list[FeatureState]]:
    """The state of each outcome after its settled minutes; stored for the next time."""
    rows = {row.pk: row for row in MarketFeatures.objects.filter(market_id__in=[one.market_id for one in due])}
    since = {one.market_id: _since(rows.get(one.market_id)) for one in due}
    ticks = new_ticks(since, now=now)
    states, changed = {}, []
    for one in due:
        row = rows.get(one.market_id) or MarketFeatures(market_id=one.market_id, states=[])
        states[one.market_id] = _states(one, row, ticks)
        newest = max((state.at for state in states[one.market_id] if state.at is not None), default=None)
        row.states = [state.document() for state in states[one.market_id]]
        row.folded_to = None if newest is None else datetime.fromtimestamp(newest, UTC)
        changed.append(row)
    MarketFeatures.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["market"], update_fields=["states", "folded_to"]
    )
    return states


def _since(row: MarketFeatures | None) -> datetime:
    return _EPOCH if row is None or row.folded_to is None else row.folded_to


def _states(market: DueMarket, row: MarketFeatures, ticks: Ticks) -> list[FeatureState]:
    found = []
    for outcome in range(market.contracts):
        state = FeatureState(**row.states[outcome]) if outcome < len(row.states) else FeatureState()
        new = continued(ticks.get((market.market_id, outcome), ()), state.volume, state.trades)
        found.append(fold(new, state))
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    market: DueMarket
    model_id: int | None
    answer: Forecast | ColdMarket


def _estimates(
    due: Sequence[DueMarket],
    states: dict[int, list[FeatureState]],
    predictor: Predictor | None,
    problem: str,
    now: datetime,
) -> list[_Found]:
    if predictor is None:
        return [_Found(one, None, ColdMarket(problem)) for one in due]
    moments = [(one.market_id, now) for one in due]
    tones = zip(social_tones(moments), news_tones(moments), strict=True)
    sources, categories = standings({one.source for one in due}, {one.category for one in due})
    found = []
    for one, (social, news) in zip(due, tones, strict=True):
        around = Surroundings(
            closes_at=one.closes_at.timestamp(),
            social_sentiment=social.value,
            news_sentiment=news.value,
            historical_accuracy=accuracy_of(*sources.get(one.source, (0, 0.0))),
            category_risk=risk_of(*categories.get(one.category, (0, 0.0))),
        )
        features = [_now(state, one, outcome, around, now) for outcome, state in enumerate(states[one.market_id])]
        answer = forecast(one.standing(), features, [state.ticks for state in states[one.market_id]], predictor)
        found.append(_Found(one, predictor.version, answer))
    return found


def _now(state: FeatureState, market: DueMarket, outcome: int, around: Surroundings, now: datetime) -> dict[str, float]:
    """The features at this moment: the settled minutes, and the price and the totals that hold now."""
    is_counted = market.contracts == 1 and market.trades > 0
    tick = Tick(
        at=max(now.timestamp(), state.at or 0.0),
        price=market.prices[outcome],
        volume=market.volume if is_counted else state.volume,
        trades=market.trades if is_counted else state.trades,
        participants=market.traders if market.trades > 0 else None,
    )
    later = state.advanced(tick)
    return dict(zip(NAMES, features_of(later, tick.at, around), strict=True))


def _store(found: Sequence[_Found], now: datetime) -> None:
    rows = [_row(one, now) for one in found]
    before = MarketPrediction.objects.in_bulk([row.market_id for row in rows])
    MarketPrediction.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["market"],
        update_fields=["seq", "made_at", "model", "cold_reason", "outcomes", "features", "risk", "reasons"],
    )
    noted = [one for one in found if isinstance(one.answer, Forecast)]
    PredictionRecord.objects.bulk_create(
        [record for one in noted for record in _records(one, before.get(one.market.market_id), now)]
    )


def _row(one: _Found, now: datetime) -> MarketPrediction:
    row = MarketPrediction(market_id=one.market.market_id, seq=one.market.seq, made_at=now, model_id=one.model_id)
    if isinstance(one.answer, ColdMarket):
        row.cold_reason = one.answer.reason
        return row
    row.outcomes = [asdict(outcome) for outcome in one.answer.outcomes]
    row.features, row.risk, row.reasons = one.answer.features, one.answer.risk, list(one.answer.reasons)
    return row


def _records(one: _Found, before: MarketPrediction | None, now: datetime) -> list[PredictionRecord]:
    """Of outcomes that a model learns from: binary markets keep yes only. Nothing where hardly anything changed."""
    assert isinstance(one.answer, Forecast)
    assert one.model_id is not None
    told = one.answer.outcomes[: one.market.contracts]
    if before is not None and before.outcomes and before.model_id == one.model_id:
        moved = max(abs(new.probability - old["probability"]) for new, old in zip(told, before.outcomes, strict=False))
        if moved < NOTED_STEP and before.made_at.date() == now.date():
            return []
    return [
        PredictionRecord(
            market_id=one.market.market_id, outcome=index, made_at=now, model_id=one.model_id,
            price=outcome.price, probability=outcome.probability, low=outcome.low, high=outcome.high,
        )
        for index, outcome in enumerate(told)
    ]  # fmt: skip
