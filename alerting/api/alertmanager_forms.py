"""What Alertmanager sends to a webhook, version 4, read for what we need.

Contract   Members that a later Alertmanager adds are passed over: refusing them would lose alerts.
"""

from typing import Any, Final

from alerting.api.forms import check_storable
from alerting.engine.foreign import ForeignAlert
from alerting.engine.labels import label_set
from alerting.types import LabelSet
from common.api.fields import Fields

ALERTS_MAX: Final = 1_000
_VERSION: Final = "4"
_TEXTS_MAX: Final = 100
_NAME_MAX: Final = 200
_TEXT_MAX: Final = 4_000


def foreign_alerts_from(body: dict[str, Any]) -> list[ForeignAlert]:
    """Raises: RequestInvalid"""
    check_storable(body)
    fields = _of(body, "version", "alerts")
    version = fields.text("version", is_required=True)
    if version and version != _VERSION:
        fields.refuse("version", "field.not_a_choice", "Send the payload of Alertmanager's webhook, version 4.")
    alerts = fields.value("alerts", is_required=True)
    if alerts is not None and (not isinstance(alerts, list) or not all(isinstance(one, dict) for one in alerts)):
        fields.refuse("alerts", "field.not_object", "Send a list of objects.")
    elif alerts is not None and len(alerts) > ALERTS_MAX:
        fields.refuse("alerts", "field.too_many", f"Send at most {ALERTS_MAX}; set max_alerts of the receiver.")
    fields.finish()
    return [_alert(one, number) for number, one in enumerate(alerts)]


def _of(values: dict[str, Any], *names: str, parent: str = "") -> Fields:
    return Fields({name: values[name] for name in names if name in values}, parent=parent)


def _alert(given: dict[str, Any], number: int) -> ForeignAlert:
    fields = _of(given, "status", "labels", "annotations", "startsAt", "generatorURL", parent=f"/alerts/{number}")
    status = fields.text("status", is_required=True)
    if status and status not in ("firing", "resolved"):
        fields.refuse("status", "field.not_a_choice", "Send one of: firing, resolved.")
    started_at = fields.moment("startsAt", is_required=True)
    labels, annotations = _texts(fields, "labels"), _texts(fields, "annotations")
    if not labels:
        fields.refuse("labels", "field.required", "An alert has at least one label that isn't empty.")
    source = fields.text("generatorURL", length_max=_TEXT_MAX)
    fields.finish()
    assert started_at is not None
    return ForeignAlert(labels, annotations, status == "firing", started_at, source)


def _texts(fields: Fields, name: str) -> LabelSet:
    """A map of short texts."""
    found = fields.value(name)
    if found is None:
        return ()
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        fields.refuse(name, "field.not_object", "Send an object whose values are texts.")
        return ()
    if len(found) > _TEXTS_MAX or any(len(key) > _NAME_MAX or len(text) > _TEXT_MAX for key, text in found.items()):
        fields.refuse(name, "field.too_long", f"At most {_TEXTS_MAX} members of {_TEXT_MAX} characters.")
        return ()
    return label_set(found)
