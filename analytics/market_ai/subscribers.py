"""Reactions to facts, each a nudge that a sweep repeats if it is lost."""

from analytics.market_ai import tasks
from analytics.market_ai.events import ModelPromoted
from common.bus import subscribe
from markets.events import MarketResolved


@subscribe(MarketResolved)
def count_its_answer(event: MarketResolved) -> None:
    tasks.count_answered.apply_async(retry=False)


@subscribe(ModelPromoted)
def ask_the_new_model(event: ModelPromoted) -> None:
    tasks.refresh_predictions.apply_async(retry=False)
