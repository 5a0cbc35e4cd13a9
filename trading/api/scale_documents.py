"""What the API says of numeric and date markets: their buckets, and what the prices of these say of the value."""

from collections.abc import Sequence
from typing import Any

from markets.selectors.scales import bucket_edges, parsed_scale, scale_summary, value_text
from markets.types import Scale

Document = dict[str, Any]


def scale_document(kind: str, scale: Scale | None) -> Document | None:
    """Bounds and open ends as they can be sent for a new market."""
    if scale is None:
        return None
    return {
        "bounds": [value_text(kind, bound) for bound in scale.bounds],
        "unit": scale.unit,
        "below": scale.is_open_below,
        "above": scale.is_open_above,
    }


def distribution_document(
    kind: str, document: Document | None, outcomes: Sequence[Document], prices: Sequence[int]
) -> Document | None:
    """Mean, median and buckets by ``prices`` (1/1,000,000 by outcome); nothing for a market without a scale."""
    if document is None:
        return None
    scale = parsed_scale(kind, tuple(document["bounds"]), document["unit"], document["below"], document["above"])
    summary = scale_summary(scale, prices)
    if summary is None:
        return None
    return {
        "mean": value_text(kind, summary.mean),
        "median": value_text(kind, summary.median),
        "buckets": [
            {
                "outcome": outcome["slug"],
                "lower": None if low is None else value_text(kind, low),
                "upper": None if high is None else value_text(kind, high),
                "probability": f"{part:.6f}",
            }
            for outcome, (low, high), part in zip(outcomes, bucket_edges(scale), summary.parts, strict=True)
        ],
    }
