"""From a checked spec to columns and outcomes."""

from typing import Final

from django.utils.text import slugify

from markets.models import Market, Outcome
from markets.types import MarketKind, MarketSpec

#: Fields of the spec that are columns of the market as they are.
COLUMNS: Final = (
    "question",
    "rules",
    "description",
    "resolution_source",
    "closes_at",
    "event_group",
    "source",
    "source_id",
    "liquidity_lots",
    "taker_fee_bps",
    "maker_fee_bps",
    "tick",
    "lot",
    "challenge_window_s",
)


def outcome_rows(market: Market, spec: MarketSpec) -> list[Outcome]:
    """Unsaved rows for the outcomes of a checked spec; binary outcomes are ``yes`` and ``no``."""
    slugs = ["yes", "no"] if spec.kind is MarketKind.BINARY else _distinct_slugs(spec.outcomes)
    return [
        Outcome(market=market, index=index, slug=slug, name=name)
        for index, (slug, name) in enumerate(zip(slugs, spec.outcomes, strict=True))
    ]


def _distinct_slugs(names: tuple[str, ...]) -> list[str]:
    slugs: list[str] = []
    for index, name in enumerate(names):
        slug = slugify(name)[:50].strip("-") or "outcome"
        slugs.append(slug if slug not in slugs else f"{slug}--{index}")
    return slugs
