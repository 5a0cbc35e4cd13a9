"""What may be asked of webhooks; every mistake is told at once, with its field and the fix."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest

from alerting.services.webhooks.rotate_secret import OVERLAP_S, OVERLAP_S_MAX
from alerting.services.webhooks.save_endpoint import MARKETS_MAX
from common.api.fields import Fields
from common.paging import LIMIT_DEFAULT, LIMIT_MAX

_ID_MAX: Final = 2**53
_EVENTS_MAX: Final = 50
_FIELDS: Final = ("url", "events", "markets", "description", "is_enabled")


class DeliveryState(StrEnum):
    ALL = "all"
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class ReplayWhat(StrEnum):
    """``MISSED``: what was given up, and what was never sent; ``ALL``: what was delivered as well."""

    FAILED = "failed"
    MISSED = "missed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class EndpointForm:
    url: str
    events: tuple[str, ...]
    markets: tuple[int, ...]
    description: str


@dataclass(frozen=True, slots=True)
class ReplayForm:
    what: ReplayWhat
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveriesQuery:
    """``status`` and ``event`` are empty for all."""

    status: str
    event: str
    limit: int
    cursor: str


def endpoint_from(body: dict[str, Any]) -> EndpointForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    form = EndpointForm(
        url=fields.text("url", length_max=500, is_required=True),
        events=_events(fields, is_required=True),
        markets=_markets(fields),
        description=fields.text("description", length_max=100),
    )
    fields.finish()
    return form


def changes_from(body: dict[str, Any]) -> dict[str, Any]:
    """Only what is to change.

    Raises: RequestInvalid
    """
    fields = Fields(body)
    found = {
        "url": fields.text("url", length_max=500, is_required="url" in body),
        "events": _events(fields, is_required="events" in body),
        "markets": _markets(fields),
        "description": fields.text("description", length_max=100),
        "is_enabled": fields.flag("is_enabled"),
    }
    if not body.keys() & set(_FIELDS):
        fields.refuse("url", "field.required", f"Send at least one of {', '.join(_FIELDS)}.")
    fields.finish()
    return {name: value for name, value in found.items() if body.get(name) is not None}


def overlap_from(body: dict[str, Any]) -> int:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    found = fields.integer("overlap_s", low=0, high=OVERLAP_S_MAX, default=OVERLAP_S)
    fields.finish()
    return found


def event_from(body: dict[str, Any]) -> str:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    found = fields.text("event", length_max=60)
    fields.finish()
    return found


def replay_from(body: dict[str, Any]) -> ReplayForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    what = fields.choice("what", ReplayWhat)
    form = ReplayForm(what, fields.moment("since", is_required=what is not ReplayWhat.FAILED))
    fields.finish()
    return form


def deliveries_query(request: HttpRequest) -> DeliveriesQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    state = fields.choice("status", DeliveryState, default=DeliveryState.ALL)
    found = DeliveriesQuery(
        status="" if state is DeliveryState.ALL else state.value,
        event=fields.text("event", length_max=60),
        limit=fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT),
        cursor=fields.text("cursor", length_max=200),
    )
    fields.finish()
    return found


def _events(fields: Fields, *, is_required: bool) -> tuple[str, ...]:
    if is_required:
        fields.value("events", is_required=True)
    return fields.texts("events", count_max=_EVENTS_MAX, length_max=60)


def _markets(fields: Fields) -> tuple[int, ...]:
    value = fields.value("markets")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(type(one) is int and 1 <= one <= _ID_MAX for one in value):
        fields.refuse("markets", "field.not_ids", "Send a list of ids of markets, such as [7, 12].")
    elif len(value) > MARKETS_MAX:
        fields.refuse("markets", "field.too_many", f"Send at most {MARKETS_MAX}.")
    else:
        return tuple(value)
    return ()
