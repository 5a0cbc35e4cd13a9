"""From findings to rows: new ones are proposed, known ones are seen again, those that are gone end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from monitoring.optimizer.engine.confidence import Record, confidence
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.selectors.records import records
from monitoring.optimizer.types import OPEN, Finding, Status, Strategy

#: What was dismissed, taken back or failed isn't proposed again for as long.
SILENT: Final = timedelta(days=1)
#: A proposal that wasn't found again for so many seconds, or two cycles, is outdated.
GONE: Final = timedelta(minutes=30)
_SHUNNED: Final = (Status.DISMISSED, Status.REVERTED, Status.FAILED, Status.INCONCLUSIVE)


def keep_findings(found: Sequence[Finding], strategy: Strategy, now: datetime) -> list[Recommendation]:
    """The new rows, in the order of the findings."""
    open_rows = {(row.rule, row.subject): row for row in Recommendation.objects.filter(status__in=OPEN)}
    shunned = set(
        Recommendation.objects.filter(status__in=_SHUNNED, ended_at__gt=now - SILENT).values_list("rule", "subject")
    )
    history, made = records(), []
    for finding in found:
        key = (finding.rule, finding.subject[:250])
        known = open_rows.pop(key, None)
        if known is not None:
            _see_again(known, finding, now)
        elif key not in shunned:
            made.append(new_row(finding, strategy, now, history.get(finding.rule, Record())))
    _end_those_gone(list(open_rows.values()), now)
    return made


def new_row(finding: Finding, strategy: Strategy, now: datetime, record: Record) -> Recommendation:
    action, effect = finding.action, finding.effect
    values: dict[str, Any] = {
        "subject": finding.subject[:250],
        "title": finding.title[:250],
        "evidence": dict(finding.evidence),
        "act": action.act.value,
        "target": action.target,
        "value": action.value,
        "details": dict(action.details),
        "metric": effect.metric,
        "load": effect.load,
        "is_gain": effect.is_gain,
        "expected": effect.expected,
        "expected_low": effect.low,
        "expected_high": effect.high,
        "confidence": confidence(finding.rule, record),
    }
    same = ("rule", "subsystem", "why", "evidence_query", "risk", "blast_radius", "undo", "priority")
    values |= {name: getattr(finding, name) for name in same}
    return Recommendation.objects.create(**values, strategy=strategy.value, created_at=now, seen_at=now)


def _see_again(row: Recommendation, finding: Finding, now: datetime) -> None:
    row.seen_at = now
    fields = ["seen_at"]
    if row.status == Status.PROPOSED:
        row.why, row.evidence, row.priority = finding.why, dict(finding.evidence), finding.priority
        row.value, row.title = finding.action.value, finding.title[:250]
        fields += ["why", "evidence", "priority", "value", "title"]
    row.save(update_fields=fields)


def _end_those_gone(rows: Sequence[Recommendation], now: datetime) -> None:
    for row in rows:
        if row.status == Status.PROPOSED and row.seen_at < now - GONE:
            row.status, row.ended_at = Status.OUTDATED.value, now
            row.reason = "It was not found any more."
            row.save(update_fields=["status", "ended_at", "reason"])
