"""From a checked spec to columns and outcomes."""

from typing import Any, Final

from django.utils.text import slugify

from markets.engine.scales import buckets, format_value
from markets.models import Market, Outcome
from markets.types import MarketKind, MarketSpec, ResolutionPolicy, Scale

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
    "resolution_policy",
    "vote_window_s",
)


def scale_columns(spec: MarketSpec) -> dict[str, Any]:
    """The columns of a checked spec's scale, empty ones if it has none."""
    scale = spec.buckets
    if scale is None:
        return {"bounds": None, "unit": "", "is_open_below": False, "is_open_above": False}
    return {
        "bounds": list(scale.bounds),
        "unit": scale.unit,
        "is_open_below": scale.is_open_below,
        "is_open_above": scale.is_open_above,
    }


def created_data(spec: MarketSpec) -> dict[str, Any]:
    """What the journal says of a new or edited draft."""
    data: dict[str, Any] = {"question": spec.question, "kind": spec.kind.value, "outcomes": list(spec.outcomes)}
    if spec.resolution_policy != ResolutionPolicy.CREATOR:
        data["resolution_policy"] = str(spec.resolution_policy)
    if (scale := spec.buckets) is not None:
        bounds = [format_value(spec.kind, bound) for bound in scale.bounds]
        ends = {"below": scale.is_open_below, "above": scale.is_open_above}
        data["scale"] = {"bounds": bounds, "unit": scale.unit, **ends}
    return data


def scale_of(market: Market) -> Scale | None:
    """The scale of a numeric or date market."""
    if market.bounds is None:
        return None
    return Scale(tuple(market.bounds), market.unit, market.is_open_below, market.is_open_above)


def outcome_rows(market: Market, spec: MarketSpec) -> list[Outcome]:
    """Unsaved rows for the outcomes of a checked spec; binary outcomes are ``yes`` and ``no``."""
    if spec.buckets is not None:
        slugs = [slug for slug, _ in buckets(spec.kind, spec.buckets)]
    else:
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
