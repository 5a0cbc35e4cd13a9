"""From the body of ``POST /markets`` to a market's spec; ``markets`` checks what it means."""

from datetime import UTC, datetime
from typing import Any, Final

from common.api.fields import Fields
from common.money import parse_price, parse_quantity
from markets.types import AnswerSpec, MarketKind, MarketSpec, ResolutionPolicy, ScaleSpec

_LIQUIDITY_MAX: Final = 10**13
_GRID_MAX: Final = 10_000
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S: Final = 86_400


def market_from(body: dict[str, Any]) -> tuple[MarketSpec, bool]:
    """The spec, and whether the market is to be opened at once.

    Raises: RequestInvalid
    """
    fields = Fields(body)
    spec = MarketSpec(
        question=fields.text("question", length_max=240, is_required=True),
        rules=fields.text("rules", length_max=20_000, is_required=True),
        topic=fields.text("topic", length_max=60, is_required=True),
        closes_at=fields.moment("closes_at", is_required=True) or _NEVER,
        kind=fields.choice("kind", MarketKind, default=MarketKind.BINARY),
        outcomes=fields.texts("outcomes", count_max=100, length_max=120),
        scale=_scale(fields),
        slug=fields.text("slug", length_max=120),
        description=fields.text("description", length_max=20_000),
        resolution_source=fields.text("resolution_source", length_max=500),
        tags=fields.texts("tags", count_max=20, length_max=40),
        event_group=fields.text("event_group", length_max=80),
        liquidity_lots=_lots(fields, "liquidity", parse_quantity, high=_LIQUIDITY_MAX, default=0),
        taker_fee_bps=fields.integer("taker_fee_bps", low=0, high=10_000, default=0),
        maker_fee_bps=fields.integer("maker_fee_bps", low=0, high=10_000, default=0),
        tick=_lots(fields, "tick_size", parse_price, high=_GRID_MAX, default=1),
        lot=_lots(fields, "lot_size", parse_quantity, high=_LIQUIDITY_MAX, default=1),
        challenge_window_s=fields.integer("challenge_window_s", low=0, high=90 * _DAY_S, default=_DAY_S),
        answer_source=_answer_source(fields),
        committee=fields.texts("committee", count_max=50, length_max=150),
        vote_window_s=fields.integer("vote_window_s", low=0, high=90 * _DAY_S, default=2 * _DAY_S),
        resolution_policy=fields.choice("resolution_policy", ResolutionPolicy, default=ResolutionPolicy.CREATOR),
    )
    is_opened = fields.flag("open")
    fields.finish()
    return spec, is_opened


def _scale(fields: Fields) -> ScaleSpec | None:
    given = fields.value("scale")
    if given is None:
        return None
    if not isinstance(given, dict):
        detail = 'Send an object, such as {"lower": "0", "upper": "50", "buckets": 5}.'
        fields.refuse("scale", "field.not_object", detail)
        return None
    parts = Fields(given, parent="/scale")
    scale = ScaleSpec(
        bounds=parts.texts("bounds", count_max=101, length_max=40),
        lower=parts.text("lower", length_max=40),
        upper=parts.text("upper", length_max=40),
        buckets=parts.integer("buckets", low=0, high=100, default=0),
        unit=parts.text("unit", length_max=24),
        below=parts.flag("below"),
        above=parts.flag("above"),
    )
    parts.refuse_unknown()
    fields.errors.extend(parts.errors)
    return scale


def _answer_source(fields: Fields) -> AnswerSpec | None:
    given = fields.value("answer_source")
    if given is None:
        return None
    if not isinstance(given, dict):
        fields.refuse("answer_source", "field.not_object", 'Send an object, such as {"url": "https://..."}.')
        return None
    parts = Fields(given, parent="/answer_source")
    source = AnswerSpec(
        url=parts.text("url", length_max=2_000, is_required=True),
        pointer=parts.text("pointer", length_max=500),
        rule=parts.text("rule", length_max=20_000),
        delay_s=parts.integer("delay_s", low=0, high=30 * _DAY_S, default=0),
    )
    parts.refuse_unknown()
    fields.errors.extend(parts.errors)
    return source


def _lots(fields: Fields, name: str, parse: Any, *, high: int, default: int) -> int:
    text = fields.decimal(name)
    if text is None:
        return default
    try:
        value: int = parse(text)
    except ValueError as error:
        fields.refuse(name, "field.not_decimal", f"The value {error}.")
        return default
    if value > high:
        fields.refuse(name, "field.out_of_range", "The value is too large.")
        return default
    return value
