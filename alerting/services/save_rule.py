"""Make, change and delete rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from alerting.engine.documents import document_of, rule_of
from alerting.engine.expressions import read_expression
from alerting.errors import ChannelNotFound, RuleInvalid, RuleNameTaken, RuleNotFound
from alerting.events import AlertsChanged
from alerting.models import AlertRule, Category, Channel, ChannelKind
from alerting.selectors.series import known_series
from alerting.services._ending_rules import end_rule
from alerting.types import Rule
from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit

NAME_MAX: Final = 80
#: What may change without ending what the rule has going on.
_WORDS: Final = frozenset({"name", "description", "owner", "runbook"})


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """``document`` is the rule as people write it; None leaves a member as it is, or at its default."""

    document: Mapping[str, Any]
    category: str | None = None
    channels: tuple[str, ...] | None = None
    escalation: str | None = None
    is_enabled: bool | None = None


def create_rule(*, actor_id: int | None, actor: str, spec: RuleSpec, ip: str = "") -> AlertRule:
    """Raises: RuleInvalid, IntervalInvalid, RuleNameTaken, ChannelNotFound"""
    rule = checked_rule(spec.document)
    with transaction.atomic():
        now = clock.now()
        row = AlertRule(name=rule.name, created_at=now, updated_at=now)
        _take(row, rule, spec)
        row.save()
        record_audit(actor_id=actor_id, action="alerting.rule_created", target=row, after=_facts(row), ip=ip)
        publish_on_commit(AlertsChanged(0))
    return row


def update_rule(*, rule_id: int, actor_id: int | None, actor: str, spec: RuleSpec, ip: str = "") -> AlertRule:
    """Replace the rule; what fires ends when it watches something else from now on, or nothing.

    Raises: RuleNotFound, RuleInvalid, IntervalInvalid, RuleNameTaken, ChannelNotFound
    """
    rule = checked_rule(spec.document)
    with transaction.atomic():
        row = _locked(rule_id)
        before, was_enabled = _facts(row), row.is_enabled
        _take(row, rule, spec)
        row.updated_at = clock.now()
        row.save()
        if was_enabled and (not row.is_enabled or _watch(before) != _watch(_facts(row)) or before["name"] != row.name):
            reason = "The rule was changed." if row.is_enabled else "The rule was switched off."
            end_rule(row, reason=reason, actor=actor)
        record_audit(
            actor_id=actor_id, action="alerting.rule_changed", target=row, before=before, after=_facts(row), ip=ip
        )
        publish_on_commit(AlertsChanged(0))
    return row


def delete_rule(*, rule_id: int, actor_id: int, actor: str, ip: str = "") -> None:
    """What fires ends; alerts of the past stay.

    Raises: RuleNotFound
    """
    with transaction.atomic():
        row = _locked(rule_id)
        end_rule(row, reason="The rule was deleted.", actor=actor)
        record_audit(actor_id=actor_id, action="alerting.rule_deleted", target=row, before=_facts(row), ip=ip)
        if row.default is None:
            row.delete()
        else:
            # Kept as a mark, so that the default doesn't come back.
            row.is_enabled, row.is_deleted = False, True
            row.save(update_fields=["is_enabled", "is_deleted"])
        publish_on_commit(AlertsChanged(0))


def checked_rule(document: Mapping[str, Any]) -> Rule:
    """The rule, of series that this site has.

    Raises: RuleInvalid, IntervalInvalid
    """
    rule = rule_of(document)
    if len(rule.name) > NAME_MAX:
        raise RuleInvalid(f"A name has at most {NAME_MAX} characters.", field="name")
    known = known_series()
    for name in read_expression(rule.expression).names:
        if name not in known:
            raise RuleInvalid(f"There is no series {name[:60]!r}; docs/series.md lists all.", field="expression")
    return rule


def _take(row: AlertRule, rule: Rule, spec: RuleSpec) -> None:
    if AlertRule.objects.filter(name__iexact=rule.name, is_deleted=False).exclude(pk=row.pk).exists():
        raise RuleNameTaken(f"Another rule is called {rule.name}; choose another name.", field="name")
    document = document_of(rule)
    row.name = document.pop("name")
    row.document = document
    if spec.category is not None:
        row.category = Category(spec.category)
    if spec.channels is not None:
        row.channels = _checked_channels(spec.channels)
    if spec.escalation is not None:
        row.escalation = spec.escalation
    if spec.is_enabled is not None:
        row.is_enabled = spec.is_enabled


def _checked_channels(names: tuple[str, ...]) -> list[str]:
    """As they are written where they were made; a kind stands for the channels of that kind."""
    rows = list(Channel.objects.exclude(kind=ChannelKind.ENDPOINT).order_by("name"))
    found: dict[str, None] = {}
    for name in names:
        mine = [row.name for row in rows if row.name.lower() == name.lower()]
        mine = mine or [row.name for row in rows if row.kind == name.lower().replace("-", "_")]
        if not mine:
            raise ChannelNotFound(f"There is no channel {name[:60]!r}; make it first.", field="notification_channels")
        found |= dict.fromkeys(mine)
    return list(found)


def _locked(rule_id: int) -> AlertRule:
    row = AlertRule.objects.select_for_update().filter(pk=rule_id, is_deleted=False).first()
    if row is None:
        raise RuleNotFound("List them with GET intelligent-alerting/rules.")
    return row


def _facts(row: AlertRule) -> dict[str, Any]:
    return {
        "name": row.name,
        "document": dict(row.document),
        "channels": list(row.channels),
        "escalation": row.escalation,
        "category": str(row.category),
        "is_enabled": row.is_enabled,
    }


def _watch(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts["document"].items() if name not in _WORDS}
