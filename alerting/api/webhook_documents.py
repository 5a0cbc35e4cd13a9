"""What the API says of webhooks."""

from datetime import datetime
from typing import Any

from alerting.engine.webhooks.catalogue import EventType
from alerting.selectors.webhooks import EndpointRow, EventDelivery, TryRow
from alerting.services._senders.endpoint import message_id
from common.clock import rfc3339

Document = dict[str, Any]


def endpoint_document(row: EndpointRow) -> Document:
    return {
        "id": row.id,
        "host": row.host,
        "description": row.description,
        "events": list(row.events),
        "markets": list(row.markets),
        "is_enabled": row.is_enabled,
        "switched_off": row.switched_off or None,
        "switched_off_at": _moment(row.switched_off_at),
        "failing_since": _moment(row.failing_since),
        "problem": row.problem or None,
        "rotating_until": _moment(row.rotating_until),
        "waiting": row.waiting,
        "dead": row.dead,
        "replaying": row.replaying,
        "last_delivered_at": _moment(row.last_delivered_at),
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
    }


def delivery_document(row: EventDelivery) -> Document:
    return {
        "id": row.id,
        "webhook_id": message_id(row.key),
        "event": row.event,
        "status": row.status,
        "attempts": row.attempts,
        "replays": row.replays,
        "next_attempt_at": _moment(row.due_at),
        "problem": row.problem or None,
        "last_attempt": None if row.last is None else _try(row.last),
        "created_at": rfc3339(row.created_at),
        "ended_at": _moment(row.ended_at),
    }


def whole_delivery_document(row: EventDelivery) -> Document:
    return {**delivery_document(row), "tries": [_try(one) for one in row.tries], "body": row.body}


def event_document(one: EventType) -> Document:
    return {
        "name": one.name,
        "summary": one.summary,
        "is_own": one.is_own,
        "schema": one.schema,
        "example": {"type": one.name, "timestamp": "2026-11-22T09:30:00.123Z", "data": dict(one.example)},
    }


def _try(one: TryRow) -> Document:
    return {
        "number": one.number,
        "at": rfc3339(one.at),
        "duration_ms": one.took_ms,
        "is_success": one.is_success,
        "response_code": one.code,
        "detail": one.detail,
        "excerpt": one.excerpt,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
