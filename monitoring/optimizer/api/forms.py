"""What may be asked of the optimizer; every mistake is told at once, with its field and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from common.api.fields import Fields
from common.tuning.declared import Subsystem
from monitoring.optimizer.selectors.board import LIMIT_MAX

_ID_MAX = 2**62


@dataclass(frozen=True, slots=True)
class TriggerForm:
    kind: Subsystem
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageQuery:
    before: int | None
    limit: int


def trigger_from(body: dict[str, Any]) -> TriggerForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    kind = fields.choice("optimization_type", Subsystem, default=None)
    parameters = fields.value("parameters")
    if kind is None and "optimization_type" not in body:
        fields.refuse("optimization_type", "field.required", f"Send one of {', '.join(Subsystem)}.")
    if parameters is None:
        parameters = {}
    if not isinstance(parameters, dict):
        fields.refuse("parameters", "field.not_object", "Send an object, or leave it out.")
        parameters = {}
    inner = Fields(parameters, parent="/parameters")
    known = _parameters(inner)
    inner.refuse_unknown()
    fields.errors += inner.errors
    fields.finish()
    assert kind is not None
    return TriggerForm(kind, known)


def _parameters(inner: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    name, value, is_dry = inner.text("setting", length_max=250), inner.number("value"), inner.flag("dry_run")
    if name:
        found = {"setting": name}
        if value is None:
            inner.refuse("value", "field.required", "Send the value of the setting.")
        else:
            found["value"] = value
    if is_dry:
        found["dry_run"] = True
    return found


def page_query(request: HttpRequest) -> PageQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    found = PageQuery(
        before=fields.optional_integer("before", low=1, high=_ID_MAX),
        limit=fields.integer("limit", low=1, high=LIMIT_MAX, default=50),
    )
    fields.finish()
    return found


def reason_from(body: dict[str, Any]) -> str:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    reason = fields.text("reason", length_max=200)
    fields.finish()
    return reason
