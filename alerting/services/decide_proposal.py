"""Accept or reject a proposed threshold: nothing else ever applies one."""

from typing import Any

from django.db import transaction

from alerting.errors import RoutingInvalid
from alerting.models import AlertRule, ThresholdProposal
from alerting.selectors.proposals import proposal_named
from alerting.services.save_rule import RuleSpec, update_rule
from alerting.types import Severity
from common import clock
from common.audit import record_audit

Status = ThresholdProposal.Status


def decide_proposal(
    *, proposal_id: int, is_accepted: bool, actor: str, actor_id: int, ip: str = ""
) -> ThresholdProposal:
    """Accepting puts the threshold into the rule, as a person would.

    Raises: SettingNotFound, RoutingInvalid when it is decided already, RuleInvalid when the rule doesn't take it
    """
    with transaction.atomic():
        ThresholdProposal.objects.select_for_update().filter(pk=proposal_id).first()
        row = proposal_named(proposal_id)
        if row.status != Status.OPEN:
            raise RoutingInvalid("It is decided already.", field="id")
        row.status = Status.ACCEPTED if is_accepted else Status.REJECTED
        row.decided_by, row.decided_at = actor[:150], clock.now()
        row.save(update_fields=["status", "decided_by", "decided_at"])
        if is_accepted:
            spec = RuleSpec(document=_changed(row.rule, Severity(row.severity), row.proposed))
            update_rule(rule_id=row.rule_id, actor_id=actor_id, actor=actor, spec=spec, ip=ip)
        after = {"status": row.status, "threshold": row.proposed}
        record_audit(actor_id=actor_id, action="alerting.proposal_decided", target=row, after=after, ip=ip)
    return row


def _changed(rule: AlertRule, severity: Severity, threshold: float) -> dict[str, Any]:
    levels = dict(rule.document["levels"]) | {severity.name.lower(): threshold}
    return {"name": rule.name, **rule.document, "levels": levels}
