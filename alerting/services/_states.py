"""Keeps how each label set of a rule stands: only what has changed is written."""

from collections.abc import Iterable, Mapping
from typing import Final

from alerting.engine.labels import fingerprint
from alerting.models import RuleInstance
from alerting.selectors.moments import moment
from alerting.types import Instance, LabelSet

Instances = Mapping[LabelSet, Instance]
_COLUMNS: Final = ("state", "since", "cause", "cause_since", "severity", "value", "fired_at", "level_at", "turns")
_CHUNK: Final = 1_000


def keep_instances(changed: Iterable[tuple[int, Instances, Instances]]) -> None:
    """For each rule's id what was and what is."""
    rows: list[RuleInstance] = []
    gone: list[str] = []
    for rule_id, before, after in changed:
        rows += [_row(rule_id, one) for labels, one in after.items() if before.get(labels) != one]
        gone += [fingerprint(labels) for labels in before.keys() - after.keys()]
    if gone:
        RuleInstance.objects.filter(fingerprint__in=gone).delete()
    RuleInstance.objects.bulk_create(
        rows, _CHUNK, update_conflicts=True, unique_fields=["fingerprint"], update_fields=_COLUMNS
    )


def _row(rule_id: int, one: Instance) -> RuleInstance:
    return RuleInstance(
        rule_id=rule_id,
        fingerprint=fingerprint(one.labels),
        labels=dict(one.labels),
        state=one.state.value,
        since=moment(one.since),
        cause=one.cause.value,
        cause_since=moment(one.cause_since),
        severity=one.severity,
        value=one.value,
        fired_at=moment(one.fired_at),
        level_at=moment(one.level_at),
        turns=list(one.turns),
    )
