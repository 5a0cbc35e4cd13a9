"""Begin to tell people one after the other.

Contract   One open escalation for a key: beginning again changes nothing but the severity, if it is worse now. The
           policy is kept as it is at this moment. In the transaction of what it is about.
"""

from dataclasses import replace

from django.db import transaction

from alerting.engine.channels.content import MessageContent, document_of
from alerting.engine.escalation import LogLine, begin
from alerting.engine.escalation_documents import policy_of
from alerting.models import EscalationPlan, EscalationRun
from alerting.selectors.switch import current_settings
from alerting.services._runs import moment, open_run, state_of, store
from alerting.types import LabelSet, Severity
from common import clock


def begin_escalation(
    *,
    key: str,
    labels: LabelSet,
    severity: Severity,
    policy_name: str = "",
    content: MessageContent,
    incident_id: int | None = None,
) -> int | None:
    """The id of the escalation; None when no policy says whom to tell. An empty name means the default policy."""
    now = clock.now().timestamp()
    with transaction.atomic():
        run = open_run(key)
        if run is not None:
            return _worsened(run, severity, now)
        plan = _plan(policy_name)
        if plan is None:
            return None
        policy = policy_of(plan.name, plan.document, raise_after_s=float(current_settings().escalation_s))
        run = EscalationRun(
            key=key,
            incident_id=incident_id,
            policy=plan.name,
            content=document_of(replace(content, type="alert.escalation")),
            began_at=moment(now),
        )
        store(run, None, begin(labels, policy, severity, now))
    return run.pk


def _plan(name: str) -> EscalationPlan | None:
    plans = EscalationPlan.objects.all()
    found = plans.filter(name__iexact=name).first() if name else None
    return found or plans.filter(is_default=True).first()


def _worsened(run: EscalationRun, severity: Severity, now: float) -> int:
    before = state_of(run)
    if severity > before.severity:
        line = LogLine(now, f"It is {severity.name.lower()} now.")
        store(run, before, replace(before, severity=severity, log=(*before.log, line)))
    return run.pk
