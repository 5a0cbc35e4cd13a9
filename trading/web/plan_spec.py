"""From the answers of a plan, as they were typed, to a market's spec."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from common.languages import typed
from common.money import parse_quantity
from markets.types import SCALED, MarketKind, MarketSpec, ResolutionPolicy, ScaleSpec
from trading.web.market_templates import MarketTemplate

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTES: Final = "%Y-%m-%dT%H:%M"
#: Where what is wrong with a spec is shown.
_FIELD_OF: Final = {
    "scale/upper": "upper",
    "scale/buckets": "buckets",
    "scale/bounds": "buckets",
    "scale/unit": "unit",
    "scale": "lower",
}


def spec_of(template: MarketTemplate, answers: Mapping[str, str]) -> MarketSpec:
    """What isn't there or can't be read is left as nothing, which the check of the spec refuses."""
    kind = template.kind
    policy = answers.get("resolution_policy", "")
    is_voted = policy == ResolutionPolicy.COMMITTEE
    return MarketSpec(
        question=answers.get("question", ""),
        rules=answers.get("rules", ""),
        topic=answers.get("topic", ""),
        closes_at=closing_moment(answers) or _NEVER,
        kind=kind,
        outcomes=tuple(lines(answers.get("outcomes", ""))) if kind is MarketKind.CATEGORICAL else (),
        scale=_scale(answers) if kind in SCALED else None,
        description=answers.get("description", ""),
        resolution_source=answers.get("resolution_source", ""),
        tags=tuple(part.strip() for part in answers.get("tags", "").split(",") if part.strip()),
        event_group=answers.get("event_group", "").strip(),
        liquidity_lots=lots_of(answers.get("liquidity", "")),
        taker_fee_bps=_whole(answers.get("taker_fee_bps", "")),
        challenge_window_s=_whole(answers.get("challenge_window_s", "")),
        resolution_policy=ResolutionPolicy(policy) if policy in set(ResolutionPolicy) else ResolutionPolicy.CREATOR,
        committee=tuple(_handles(answers.get("committee", ""))) if is_voted else (),
    )


def field_of(pointer: str) -> str:
    """The field of the pages that a pointer such as ``/outcomes/3`` names."""
    path = pointer.strip("/")
    parts = path.split("/")
    found = next((_FIELD_OF[key] for key in ("/".join(parts[:2]), parts[0]) if key in _FIELD_OF), parts[0])
    return {"challenge_window": "challenge_window_s"}.get(found, found)


def outcomes_of(template: MarketTemplate, answers: Mapping[str, str]) -> int:
    """How many outcomes the market would have, at least 2."""
    if template.kind is MarketKind.CATEGORICAL:
        count = len(list(lines(answers.get("outcomes", ""))))
    elif template.kind in SCALED:
        count = _whole(answers.get("buckets", "")) + bool(answers.get("below")) + bool(answers.get("above"))
    else:
        count = 2
    return min(max(count, 2), 100)


def closing_moment(answers: Mapping[str, str]) -> datetime | None:
    """When it closes, typed in the time zone that its author had then; ``None`` when that can't be read."""
    try:
        typed = datetime.fromisoformat(answers.get("closes_at", ""))
        zone = ZoneInfo(answers.get("zone") or "UTC")
        moment = typed if typed.tzinfo else typed.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, LookupError):
        return None


def closing_text(answers: Mapping[str, str]) -> str:
    """The same for the field of the page, in the reader's time zone of today."""
    moment = closing_moment(answers)
    return answers.get("closes_at", "") if moment is None else timezone.localtime(moment).strftime(_MINUTES)


def lots_of(text: str) -> int:
    """Of what the reader typed; -1 for what is no number of shares."""
    try:
        return parse_quantity(typed(text) or "0")
    except ValueError:
        return -1


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _scale(answers: Mapping[str, str]) -> ScaleSpec:
    return ScaleSpec(
        lower=answers.get("lower", "").strip(),
        upper=answers.get("upper", "").strip(),
        buckets=_whole(answers.get("buckets", "")),
        unit=answers.get("unit", ""),
        below=bool(answers.get("below")),
        above=bool(answers.get("above")),
    )


def _handles(text: str) -> list[str]:
    return [part.strip().lstrip("@") for part in text.replace("\n", ",").split(",") if part.strip()]


def _whole(text: str) -> int:
    """0 for nothing, -1 for what is no whole number of a sensible length."""
    text = text.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
