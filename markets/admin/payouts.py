"""What a market's shares pay, in the words of the administration."""

from collections.abc import Sequence

from common.languages import outcome_word, written
from common.money import format_price
from markets.models import Market


def payout_words(market: Market, payouts: Sequence[int] | None) -> str:
    """Each outcome with what its share pays; a dash when nothing is said."""
    names = [outcome_word(outcome.name) for outcome in market.outcomes.all()]
    return (
        ", ".join(f"{n}: {written(format_price(p))}" for n, p in zip(names, payouts, strict=True)) if payouts else "-"
    )
