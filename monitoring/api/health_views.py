"""How the parts of the site are, in a word for everybody and in detail for staff."""

import time
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common import clock
from common.api.access import MEASURE, PUBLIC, Caller
from common.api.errors import AuthError
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.views import ApiView
from common.clock import rfc3339
from common.replica import has_replica, replica_state
from common.version import VERSION
from monitoring.api import operations
from monitoring.api.documents import process_document
from monitoring.selectors.parts import (
    OFF,
    OK,
    database_state,
    ingest_age_s,
    redis_state,
    role_states,
    store_state,
    telling_processes,
)
from monitoring.types import Frame

_DOWN: Final = "down"


class HealthView(ApiView):
    access = PUBLIC

    @operations.get_health
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        now, frames, database = time.time(), telling_processes(), database_state()
        ingest_s = ingest_age_s(now) if database == OK else None
        parts = {
            "database": database,
            "redis": redis_state(),
            **role_states(frames),
            "measurements": store_state(ingest_s),
            **({"replica": replica_state()} if has_replica() else {}),
        }
        document: dict[str, Any] = {
            "status": _status(parts),
            "version": VERSION,
            "at": rfc3339(clock.now()),
            "parts": parts,
        }
        if _may_see_all(request.api_caller):  # type: ignore[attr-defined]
            document |= _details(frames or (), ingest_s, now)
        return json_response(document, status=503 if document["status"] == _DOWN else 200)


def _status(parts: dict[str, str]) -> str:
    """Down when nothing can be written; degraded when anything else isn't well."""
    if parts["database"] != OK:
        return _DOWN
    return OK if all(state in (OK, OFF) for state in parts.values()) else "degraded"


def _may_see_all(caller: Caller | None) -> bool:
    try:
        ApiView.check_caller(caller, MEASURE)
    except AuthError:
        return False
    return True


def _details(frames: tuple[Frame, ...], ingest_s: float | None, now: float) -> dict[str, Any]:
    """Ages in seconds, None where nothing is known."""
    ages: dict[str, float | None] = {"measurements": ingest_s}
    for frame in sorted(frames, key=lambda one: one.at):
        ages[frame.role.value] = max(now - frame.at, 0.0)
    rounded = {name: None if age is None else round(age, 3) for name, age in ages.items()}
    return {"ages": rounded, "processes": [process_document(frame, now) for frame in frames]}
