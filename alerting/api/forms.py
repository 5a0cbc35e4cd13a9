"""What may be asked of alerting; every mistake is told at once, with its field and the fix."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest

from alerting.models import Category, Verdict
from alerting.services.save_rule import RuleSpec
from common.api.errors import RequestInvalid
from common.api.fields import Fields, is_storable

ID_MAX: Final = 2**53
_DAY_S: Final = 86_400
_DEPTH_MAX: Final = 8
#: Members of a rule that aren't part of its definition.
_BESIDE: Final = ("id", "notification_channels", "category", "escalation", "enabled")


class SeverityName(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


class AlertState(StrEnum):
    FIRING = "firing"
    ALL = "all"


class IncidentState(StrEnum):
    ACTIVE = "active"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    ALL = "all"


class ChannelKindName(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    SLACK = "slack"
    SMS = "sms"
    IN_APP = "in_app"
    APPRISE = "apprise"


@dataclass(frozen=True, slots=True)
class AlertsQuery:
    only_firing: bool
    severity: SeverityName | None
    rule_id: int | None
    limit: int
    cursor: str


@dataclass(frozen=True, slots=True)
class IncidentsQuery:
    status: str
    limit: int
    cursor: str


@dataclass(frozen=True, slots=True)
class AcknowledgeForm:
    by: str
    limit_s: float | None


@dataclass(frozen=True, slots=True)
class SilenceForm:
    matchers: str
    starts_at: datetime | None
    ends_at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class ChannelForm:
    name: str
    kind: ChannelKindName
    config: dict[str, Any]
    timeout_s: float
    retry_attempts: int
    is_default: bool


def alerts_query(request: HttpRequest) -> AlertsQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    severity = fields.one_of("severity", [one.value for one in SeverityName])
    found = AlertsQuery(
        only_firing=fields.choice("state", AlertState, default=AlertState.ALL) is AlertState.FIRING,
        severity=SeverityName(severity) if severity else None,
        rule_id=fields.optional_integer("rule_id", low=1, high=ID_MAX),
        limit=fields.integer("limit", low=1, high=1_000, default=100),
        cursor=fields.text("cursor", length_max=200),
    )
    fields.finish()
    return found


def incidents_query(request: HttpRequest) -> IncidentsQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    status = fields.choice("status", IncidentState, default=IncidentState.ALL)
    found = IncidentsQuery(
        status="" if status is IncidentState.ALL else status.value,
        limit=fields.integer("limit", low=1, high=1_000, default=100),
        cursor=fields.text("cursor", length_max=200),
    )
    fields.finish()
    return found


def acknowledge_from(body: dict[str, Any], *, caller: str) -> AcknowledgeForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    limit_s = fields.optional_integer("limit_s", low=60, high=7 * _DAY_S)
    form = AcknowledgeForm(
        by=fields.text("acknowledged_by", default=caller, length_max=150).strip() or caller,
        limit_s=None if limit_s is None else float(limit_s),
    )
    fields.finish()
    return form


def text_from(body: dict[str, Any], name: str, *, is_required: bool, length_max: int = 2_000) -> str:
    """The only member of a body.

    Raises: RequestInvalid
    """
    fields = Fields(body)
    found = fields.text(name, length_max=length_max, is_required=is_required)
    fields.finish()
    return found


def verdict_from(body: dict[str, Any]) -> Verdict:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    found = fields.choice("verdict", Verdict, only=(Verdict.USEFUL, Verdict.NOISE))
    fields.finish()
    return found


def rule_from(body: dict[str, Any]) -> RuleSpec:
    """The definition is judged by the engine, which names the fields that it can't use.

    Raises: RequestInvalid
    """
    check_storable(body)
    fields = Fields({name: value for name, value in body.items() if name in _BESIDE})
    fields.value("id")
    channels = fields.texts("notification_channels", count_max=20, length_max=60)
    category = fields.choice("category", Category, default=Category.SYSTEM)
    spec = RuleSpec(
        document={name: value for name, value in body.items() if name not in _BESIDE},
        category=category.value if "category" in body else None,
        channels=channels if "notification_channels" in body else None,
        escalation=fields.text("escalation", length_max=60) if "escalation" in body else None,
        is_enabled=fields.flag("enabled") if "enabled" in body else None,
    )
    fields.finish()
    return spec


def rule_id_from(body: dict[str, Any]) -> int:
    """Raises: RequestInvalid"""
    fields = Fields({"id": body.get("id")})
    found = fields.integer("id", low=1, high=ID_MAX)
    fields.finish()
    return found


def silence_from(body: dict[str, Any]) -> SilenceForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    matchers = fields.text("matchers", length_max=2_000, is_required=True)
    starts_at, ends_at = fields.moment("starts_at"), fields.moment("ends_at", is_required=True)
    comment = fields.text("comment", length_max=500)
    fields.finish()
    assert ends_at is not None
    return SilenceForm(matchers, starts_at, ends_at, comment)


def channel_from(body: dict[str, Any]) -> ChannelForm:
    """``url``, ``timeout`` and ``retry_attempts`` may stand beside the name, as those of webhooks are written.

    Raises: RequestInvalid
    """
    check_storable(body)
    fields = Fields(body)
    config = fields.value("config")
    if config is not None and not isinstance(config, dict):
        fields.refuse("config", "field.not_object", "Send an object.")
    url = fields.text("url", length_max=500)
    form = ChannelForm(
        name=fields.text("name", length_max=60, is_required=True),
        kind=fields.choice("kind", ChannelKindName),
        config=(dict(config) if isinstance(config, dict) else {}) | ({"url": url} if url else {}),
        timeout_s=fields.number("timeout") or 5.0,
        retry_attempts=fields.integer("retry_attempts", low=0, high=10, default=3),
        is_default=fields.flag("default"),
    )
    fields.finish()
    return form


def trial_from(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Raises: RequestInvalid"""
    check_storable(body)
    fields = Fields(body)
    rule = fields.value("rule", is_required=True)
    if rule is not None and not isinstance(rule, dict):
        fields.refuse("rule", "field.not_object", "Send the rule as an object.")
    days = fields.integer("days", low=1, high=30, default=7)
    fields.finish()
    return {name: value for name, value in rule.items() if name not in _BESIDE}, days


def rule_test_from(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raises: RequestInvalid"""
    check_storable(body)
    fields = Fields(body)
    found = [fields.value(name, is_required=True) for name in ("rule", "test")]
    for name, value in zip(("rule", "test"), found, strict=True):
        if value is not None and not isinstance(value, dict):
            fields.refuse(name, "field.not_object", "Send an object.")
    fields.finish()
    return {name: value for name, value in found[0].items() if name not in _BESIDE}, found[1]


def check_storable(value: Any, depth: int = 0) -> None:
    """Raises: RequestInvalid for texts that can't be kept, and for what is nested too deeply"""
    if depth > _DEPTH_MAX:
        raise RequestInvalid("The body is nested too deeply.")
    if isinstance(value, str):
        if not is_storable(value):
            raise RequestInvalid("Leave out NUL and half characters (lone surrogates).")
    elif isinstance(value, dict):
        for name, one in value.items():
            check_storable(name, depth + 1)
            check_storable(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            check_storable(one, depth + 1)
