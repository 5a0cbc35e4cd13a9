"""Rules as the engine wants them, and the label sets that aren't normal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count

from alerting.engine.documents import rule_of
from alerting.engine.labels import label_set
from alerting.errors import RuleNotFound
from alerting.models import Alert, AlertRule, RuleInstance
from alerting.selectors.moments import epoch
from alerting.types import Cause, Instance, LabelSet, Rule, Severity, State


def engine_rule(row: AlertRule) -> Rule:
    """Raises: RuleInvalid, IntervalInvalid when another version of the program wrote it"""
    return rule_of({"name": row.name, **row.document})


def enabled_rules() -> list[AlertRule]:
    return list(AlertRule.objects.filter(is_enabled=True, is_deleted=False).order_by("name"))


def all_rules() -> list[AlertRule]:
    return list(AlertRule.objects.filter(is_deleted=False).order_by("name"))


def instances_of(rules: Iterable[AlertRule]) -> dict[int, dict[LabelSet, Instance]]:
    """By the rule's id, then by labels."""
    found: dict[int, dict[LabelSet, Instance]] = {}
    for row in RuleInstance.objects.filter(rule_id__in=[rule.pk for rule in rules]):
        instance = _instance(row)
        found.setdefault(row.rule_id, {})[instance.labels] = instance
    return found


def labels_of(document: Mapping[str, Any]) -> LabelSet:
    """As they are kept in JSON."""
    return label_set({str(name): str(value) for name, value in document.items()})


def firing_counts() -> dict[int, int]:
    """Alerts that fire, by the rule's id."""
    counts = Alert.objects.filter(ended_at=None, rule__isnull=False).values_list("rule_id").annotate(Count("pk"))
    return {rule_id: count for rule_id, count in counts if rule_id is not None}


def rule_row(rule_id: int) -> AlertRule:
    """Raises: RuleNotFound"""
    found = AlertRule.objects.filter(pk=rule_id, is_deleted=False).first()
    if found is None:
        raise RuleNotFound("List them with GET intelligent-alerting/rules.")
    return found


def rule_named(name: str) -> Rule | None:
    """Raises: RuleInvalid, IntervalInvalid"""
    found = AlertRule.objects.filter(name__iexact=name, is_deleted=False).first()
    return None if found is None else engine_rule(found)


def _instance(row: RuleInstance) -> Instance:
    return Instance(
        labels=labels_of(row.labels),
        state=State(row.state),
        since=epoch(row.since),
        cause=Cause(row.cause),
        cause_since=epoch(row.cause_since),
        severity=Severity(row.severity),
        value=row.value,
        fired_at=epoch(row.fired_at),
        level_at=epoch(row.level_at),
        turns=tuple(row.turns),
    )
