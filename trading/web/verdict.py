"""How a market ended, as the head of its page says it; and values of a scale as people write them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext

from common.languages import dated, outcome_word, said
from common.money import PRICE_SCALE
from markets.selectors.scales import value_text
from trading.selectors.market_detail import MarketDetail

_DAY: Final = "j M Y"
_MONTH: Final = "M Y"


@dataclass(frozen=True, slots=True)
class Verdict:
    headline: str
    label: str


def verdict_of(market: MarketDetail) -> Verdict | None:
    """Nothing while the result isn't final."""
    if market.status == "void":
        return Verdict(gettext("Void"), gettext("everyone got back what they had put in"))
    if market.status != "resolved":
        return None
    if market.resolved_value is not None:
        text = value_words(market.kind, value_text(market.kind, market.resolved_value))
        unit = market.scale.unit if market.scale is not None else ""
        return Verdict(f"{text} {unit}".strip(), gettext("is the result"))
    whole = [o.name for o, paid in zip(market.outcomes, market.payouts or (), strict=False) if paid == PRICE_SCALE]
    if whole:
        return Verdict(outcome_word(whole[0]), gettext("is the result"))
    return Verdict(gettext("In part"), gettext("several outcomes pay, as the rules below say"))


def value_words(kind: str, text: str) -> str:
    """A value of a scale in the reader's language: ``2028-12-12`` as ``12 Dec 2028``."""
    return dated(date.fromisoformat(text), _DAY) if kind == "date" else said(text)


def tick_words(kind: str, text: str) -> str:
    """The same beside a scale, where little room is."""
    return dated(date.fromisoformat(text), _MONTH) if kind == "date" else said(text)
