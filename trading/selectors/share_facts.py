"""What the picture of a market shows, as it is now."""

from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from markets.selectors.scales import scale_summary, short_value, value_text
from trading.engine.share_facts import ShareFacts
from trading.selectors.market_detail import MarketDetail
from trading.selectors.sparklines import sparklines

_BARS: Final = 3
_WHOLE: Final = 10_000
_NONE: Final = "\N{EN DASH}"
_STATES: Final = {"halted": "Halted", "closed": "Trading ended", "proposed": "Result proposed", "disputed": "Disputed"}


def share_facts(market: MarketDetail) -> ShareFacts:
    """Of a published market."""
    address = urlsplit(settings.PUBLIC_URL).netloc
    if market.status in {"resolved", "void"}:
        headline, label = _end(market)
        return ShareFacts(market.question, headline, label, "", address)
    note = f"Ends {market.closes_at:%-d %b %Y}" if market.is_open else _STATES.get(market.status, "")
    if market.scale is not None:
        summary = scale_summary(market.scale, [outcome.price or 0 for outcome in market.outcomes])
        headline = (
            _NONE if summary is None else _said(market.kind, short_value(market.kind, market.scale, summary.mean))
        )
        return ShareFacts(market.question, headline, "expected (mean)", note, address)
    if not market.is_binary:
        ranked = sorted(market.outcomes, key=lambda outcome: -(outcome.price or 0))[:_BARS]
        bars = tuple((outcome.name, outcome.price or 0) for outcome in ranked)
        return ShareFacts(market.question, "", "", note, address, bars=bars)
    price = market.leader.price
    spark = sparklines([market.id]).get(market.id)
    headline = _NONE if price is None else f"{(price + 5_000) // 10_000}%"
    return ShareFacts(market.question, headline, "chance of yes", note, address, spark.points if spark else ())


def _end(market: MarketDetail) -> tuple[str, str]:
    if market.status == "void":
        return "Void", "everyone was refunded"
    if market.resolved_value is not None:
        return _said(market.kind, value_text(market.kind, market.resolved_value)), "resolved"
    pays = list(zip(market.outcomes, market.payouts or (), strict=False))
    whole = next((outcome.name for outcome, paid in pays if paid == _WHOLE), "")
    return (whole, "resolved") if whole else ("In part", "resolved, several outcomes pay")


def _said(kind: str, text: str) -> str:
    return f"{date.fromisoformat(text):%-d %b %Y}" if kind == "date" else text
