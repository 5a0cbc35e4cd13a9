"""What may be asked of analytics; every mistake is told at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from common import clock
from common.api.fields import Fields
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.spans import SPANS
from monitoring.forecasting.models import Verdict
from monitoring.forecasting.types import AHEAD_MAX, COUNTER, LATE_MAX

NAME_MAX: Final = 59
METADATA_MAX: Final = 20
_VALUE_MAX: Final = 1e300
_SENT: Final = "sent:"


@dataclass(frozen=True, slots=True)
class FindingQuery:
    name: str
    since: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class PointForm:
    name: str
    value: float
    metadata: dict[str, Any]
    at: datetime | None


def finding_query(request: HttpRequest) -> FindingQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    span = fields.text("range", default="24h", length_max=8)
    if span not in SPANS:
        fields.refuse("range", "field.not_a_choice", f"Send one of: {', '.join(SPANS)}.")
    name = fields.text("metric_name", length_max=64)
    limit = fields.integer("limit", low=1, high=500, default=100)
    fields.finish()
    return FindingQuery(name, clock.now() - timedelta(seconds=SPANS[span]), limit)


def prediction_query(request: HttpRequest) -> tuple[tuple[str, ...], bool]:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    names, hidden = fields.listed("metric_name"), fields.text("hidden", default="no", length_max=3)
    if hidden not in ("yes", "no"):
        fields.refuse("hidden", "field.not_a_choice", "Send yes or no.")
    fields.finish()
    return names, hidden == "yes"


def verdict_from(body: dict[str, Any]) -> Verdict:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    verdict = fields.choice("verdict", Verdict)
    fields.finish()
    return verdict


def point_from(body: dict[str, Any]) -> PointForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    name = fields.text("metric_name", length_max=NAME_MAX, is_required=True)
    form = PointForm(
        # A name of the site's own series is kept apart from what the site measures itself.
        name=f"{_SENT}{name}" if name in CATALOGUE else name,
        value=_number(fields),
        metadata=_metadata(fields),
        at=_moment(fields),
    )
    fields.finish()
    return form


def _number(fields: Fields) -> float:
    value = fields.value("value", is_required=True)
    if value is None:
        return 0.0
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Also false for what is no number at all.
    if not is_number or not abs(value) <= _VALUE_MAX:
        fields.refuse("value", "field.not_a_number", "Send a finite number, such as 12.5.")
        return 0.0
    return float(value)


def _metadata(fields: Fields) -> dict[str, Any]:
    value = fields.value("metadata")
    if value is None:
        return {}
    is_flat = isinstance(value, dict) and all(
        isinstance(entry, str | int | float | bool) and len(str(entry)) <= 200 for entry in value.values()
    )
    if not is_flat or len(value) > METADATA_MAX or any(len(key) > 64 for key in value):
        detail = f'Send at most {METADATA_MAX} short texts or numbers by name, such as {{"kind": "{COUNTER}"}}.'
        fields.refuse("metadata", "field.not_object", detail)
        return {}
    return dict(value)


def _moment(fields: Fields) -> datetime | None:
    at, now = fields.moment("timestamp"), clock.now()
    if at is not None and not now - LATE_MAX <= at <= now + AHEAD_MAX:
        fields.refuse("timestamp", "field.out_of_range", "Send a moment of the last 24 hours.")
    return at
