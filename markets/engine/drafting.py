"""Check what somebody wants a new market to be, and clean its text.

Contract   ``checked`` answers a clean spec or raises ``MarketInvalid`` that names every wrong field.
Bounds     2 to 100 outcomes; names of outcomes differ also without regard to case.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from common.errors import FieldError
from common.money import PRICE_SCALE
from common.text import clean_text
from markets.engine.scales import buckets, scale_from
from markets.errors import MarketInvalid
from markets.types import SCALED, YES_NO, MarketKind, MarketSpec, Scale

OUTCOMES_MAX: Final = 100
TAGS_MAX: Final = 10
FEE_BPS_MAX: Final = 1_000
#: Ten million shares. The subsidy is made out of nothing, and the sum of many has to fit the issuance account.
LIQUIDITY_LOTS_MAX: Final = 10**11
IMPORTED_LIQUIDITY_LOTS_MAX: Final = 10**12
CHALLENGE_WINDOW_S_MAX: Final = 90 * 86_400
#: Whoever may open a market and say how it ends must leave others the time to object.
CHALLENGE_WINDOW_S_MIN: Final = 3_600
LIFETIME_MAX: Final = timedelta(days=366 * 50)

#: Field, least and most characters, one line or prose.
_TEXTS: Final = (
    ("question", 10, 240, True),
    ("rules", 10, 20_000, False),
    ("description", 0, 20_000, False),
    ("resolution_source", 0, 500, True),
    ("topic", 1, 60, True),
    ("event_group", 0, 80, True),
    ("source", 0, 60, True),
    ("source_id", 0, 120, True),
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
#: Divisors of 10,000 that leave at least nine prices.
TICKS: Final = (1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80, 100, 125, 200, 250, 400, 500, 625, 1_000)


def checked(spec: MarketSpec, now: datetime, *, window_s_min: int = 0) -> MarketSpec:
    """``spec`` with clean text and its outcomes filled in; raises ``MarketInvalid``.

    ``window_s_min``: the shortest challenge window that its author may choose, in seconds.
    """
    errors: list[FieldError] = []
    texts: dict[str, Any] = {
        name: _text(errors, name, getattr(spec, name), low, high, is_one_line)
        for name, low, high, is_one_line in _TEXTS
    }
    spec = replace(spec, buckets=_buckets(errors, spec))
    tags = tuple(_text(errors, f"tags/{i}", tag, 1, 40, True) for i, tag in enumerate(spec.tags))
    outcomes = _outcomes(errors, spec)
    for field, problem in _rules(spec, now, window_s_min):
        errors.append(FieldError(f"/{field}", "market.invalid", f"The {field} {problem}."))
    if errors:
        raise MarketInvalid(" ".join(e.detail for e in errors[:3]), errors=tuple(errors))
    return replace(spec, **texts, tags=tuple(dict.fromkeys(tags)), outcomes=outcomes)


def _text(errors: list[FieldError], field: str, text: str, low: int, high: int, is_one_line: bool) -> str:
    try:
        return clean_text(text, length_min=low, length_max=high, is_one_line=is_one_line)
    except ValueError as problem:
        errors.append(FieldError(f"/{field}", "market.invalid", f"The {field.split('/')[0]} {problem}."))
        return ""


def _buckets(errors: list[FieldError], spec: MarketSpec) -> Scale | None:
    if spec.kind not in SCALED:
        if spec.scale is not None:
            errors.append(FieldError("/scale", "market.invalid", "A scale goes with the kinds numeric and date."))
        return None
    if spec.outcomes:
        detail = "The buckets of the scale are the outcomes. Leave them out."
        errors.append(FieldError("/outcomes", "market.invalid", detail))
    if spec.scale is None:
        errors.append(FieldError("/scale", "market.invalid", "A numeric or date market needs a scale."))
        return None
    return scale_from(spec.kind, spec.scale, errors)


def _outcomes(errors: list[FieldError], spec: MarketSpec) -> tuple[str, ...]:
    if spec.kind in SCALED:
        return tuple(name for _, name in buckets(spec.kind, spec.buckets)) if spec.buckets else ()
    given = spec.outcomes or (YES_NO if spec.kind is MarketKind.BINARY else ())
    names = tuple(_text(errors, f"outcomes/{i}", name, 1, 120, True) for i, name in enumerate(given[:OUTCOMES_MAX]))
    if problem := _outcomes_problem(spec.kind, given, names):
        errors.append(FieldError("/outcomes", "market.invalid", problem))
    return names


def _outcomes_problem(kind: MarketKind, given: Sequence[str], names: Sequence[str]) -> str:
    if kind is MarketKind.BINARY and len(given) != 2:
        return "A binary market has exactly two outcomes: yes, then no."
    if not 2 <= len(given) <= OUTCOMES_MAX:
        return f"A market has 2 to {OUTCOMES_MAX} outcomes, not {len(given)}."
    if len({name.casefold() for name in names}) != len(names):
        return "The outcomes must have different names."
    return ""


def _rules(spec: MarketSpec, now: datetime, window_s_min: int) -> list[tuple[str, str]]:
    """Field and what is wrong with it, for everything that isn't text."""
    if spec.closes_at.tzinfo is None:
        return [("closes_at", "needs a time zone")]
    table = (
        ("closes_at", _is_closing_right(spec, now), "must be in the future, at most 50 years ahead"),
        ("slug", not spec.slug or _is_slug(spec.slug), "is lower-case words with hyphens, such as rain-in-may"),
        ("tags", len(spec.tags) <= TAGS_MAX, f"are too many: at most {TAGS_MAX}"),
        ("liquidity", _is_liquidity_right(spec), "is negative or too large"),
        ("taker_fee_bps", 0 <= spec.taker_fee_bps <= FEE_BPS_MAX, f"must be 0 to {FEE_BPS_MAX}"),
        ("maker_fee_bps", 0 <= spec.maker_fee_bps <= spec.taker_fee_bps, "must be 0 to the taker fee"),
        ("tick_size", spec.tick in TICKS, f"must divide {PRICE_SCALE} and be at most 1000"),
        ("lot_size", 1 <= spec.lot <= 10**8, "must be 1 to 100000000"),
        ("vote_window_s", 3_600 <= spec.vote_window_s <= 30 * 86_400, "must be an hour to 30 days"),
        (
            "challenge_window_s",
            window_s_min <= spec.challenge_window_s <= CHALLENGE_WINDOW_S_MAX,
            f"must be {window_s_min} seconds to 90 days",
        ),
    )
    return [(field, problem) for field, is_right, problem in table if not is_right]


def _is_closing_right(spec: MarketSpec, now: datetime) -> bool:
    # A market from elsewhere brings its own history.
    return (bool(spec.source) or spec.closes_at > now) and spec.closes_at < now + LIFETIME_MAX


def _is_liquidity_right(spec: MarketSpec) -> bool:
    return 0 <= spec.liquidity_lots <= (IMPORTED_LIQUIDITY_LOTS_MAX if spec.source else LIQUIDITY_LOTS_MAX)


def _is_slug(slug: str) -> bool:
    return len(slug) <= 120 and _SLUG.fullmatch(slug) is not None
