"""How a market ends, said by payouts or by a value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markets.engine.resolution import winner_payouts
from markets.engine.scales import bucket_of, format_value, parse_value
from markets.errors import ResolutionInvalid
from markets.models import Market
from markets.services._draft import scale_of
from markets.types import MarketKind


@dataclass(frozen=True, slots=True)
class Decision:
    """``payouts`` empty: nothing was said. ``told`` goes to the journal."""

    payouts: tuple[int, ...]
    value: Decimal | None = None
    told: dict[str, str] = field(default_factory=dict)


def decided_by(market: Market, payouts: Sequence[int], value: str) -> Decision:
    """Raises ``ResolutionInvalid`` for a value that the market's scale doesn't have."""
    if not value:
        return Decision(tuple(payouts))
    if payouts:
        raise ResolutionInvalid("Send the value or the payouts, not both.", field="/value")
    scale, kind = scale_of(market), MarketKind(market.kind)
    if scale is None:
        raise ResolutionInvalid("Only a numeric or date market ends at a value; send payouts.", field="/value")
    try:
        number = parse_value(kind, value)
    except ValueError as problem:
        raise ResolutionInvalid(f"The value {problem}.", field="/value") from problem
    return _at(kind, number, winner_payouts(bucket_of(kind, scale, number), market.outcomes.count()))


def proposed(market: Market) -> Decision:
    """What was proposed."""
    payouts = tuple(market.proposed_payouts or ())
    if market.proposed_value is None:
        return Decision(payouts)
    return _at(MarketKind(market.kind), market.proposed_value, payouts)


def _at(kind: MarketKind, value: Decimal, payouts: tuple[int, ...]) -> Decision:
    return Decision(payouts, value, {"value": format_value(kind, value)})
