"""Mark a case as decided. ``trading.services.decide_case`` calls this and does what was decided.

Contract   Whoever is second gets ``CaseDecided`` and changes nothing: the row is locked until the first is done.
"""

from typing import Final

from django.db import transaction

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.text import clean_text
from markets.errors import CaseDecided, CaseNotFound, DecisionNotAllowed, DraftChanged, ReportInvalid
from markets.models import Case, MarketHead, Report
from markets.types import DECISIONS, CaseKind, CaseStatus, DecidedCase, Decision

REASON_LENGTH_MAX: Final = 500
_MODERATE: Final = "markets.moderate_comment"
_OPERATE: Final = "markets.operate_market"
#: What one needs to decide it, beside seeing the queue.
NEEDS: Final = {
    Decision.DISMISS: (_MODERATE, _OPERATE),
    Decision.HIDE: (_MODERATE,),
    Decision.WARN: (_MODERATE,),
    Decision.SUSPEND: ("accounts.suspend_user",),
    Decision.CLOSE: (_OPERATE,),
    Decision.APPROVE: (_OPERATE,),
    Decision.DECLINE: (_OPERATE,),
}


def decide_case(
    *, case_id: int, actor_id: int, decision: Decision, reason: str, seen_seq: int | None = None, ip: str = ""
) -> DecidedCase:
    """Decide a case that waits, for ``reason``. Audited. ``seen_seq``: the newest journal record of the draft that
    was looked at; an approval is of that draft only.

    Raises: CaseNotFound, CaseDecided, DecisionNotAllowed, DraftChanged, ReportInvalid
    """
    words = _reason(reason)
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",))
            .select_related("market", "comment", "decided_by")
            .get(pk=_existing(case_id))
        )
        _check(case, actor_id, decision, seen_seq)
        case.status, case.decision, case.reason = CaseStatus.DECIDED.value, decision.value, words
        case.decided_at, case.decided_by_id = clock.now(), actor_id
        case.save(update_fields=["status", "decision", "reason", "decided_at", "decided_by"])
        record_audit(
            actor_id=actor_id,
            action="markets.decide_case",
            target=case,
            reason=words,
            before={"status": CaseStatus.WAITING.value},
            after={"status": case.status, "decision": case.decision},
            ip=ip,
        )
        return decided(case)


def take_untold(limit: int = 50) -> tuple[DecidedCase, ...]:
    """Cases whose people haven't been told of the decision, marked as told in the caller's transaction."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("market", "comment")
    found = list(rows.filter(status=CaseStatus.DECIDED, told_at=None).order_by("pk")[:limit])
    Case.objects.filter(pk__in=[case.pk for case in found]).update(told_at=clock.now())
    reporters: dict[int, list[int]] = {case.pk: [] for case in found}
    said = Report.objects.filter(case__in=list(reporters)).order_by("pk")
    for case_id, reporter_id in said.values_list("case_id", "reporter_id"):
        reporters[case_id].append(reporter_id)
    return tuple(decided(case, tuple(reporters[case.pk])) for case in found)


def decided(case: Case, reporters: tuple[int, ...] = ()) -> DecidedCase:
    return DecidedCase(
        case_id=case.pk,
        kind=CaseKind(case.kind),
        market_id=case.market_id,
        market_slug=case.market.slug,
        question=case.market.question,
        comment_id=case.comment_id,
        author_id=author_of(case),
        decision=Decision(case.decision),
        reason=case.reason,
        reporters=reporters,
    )


def author_of(case: Case) -> int:
    return case.comment.author_id if case.comment is not None else case.market.creator_id


def _existing(case_id: int) -> int:
    if not Case.objects.filter(pk=case_id).exists():
        raise CaseNotFound(f"There is no case {case_id}.")
    return case_id


def _check(case: Case, actor_id: int, decision: Decision, seen_seq: int | None) -> None:
    if case.status != CaseStatus.WAITING:
        who = case.decided_by.username if case.decided_by else "somebody"
        raise CaseDecided(f"{who} has decided it already: {case.decision}.", extra={"decision": case.decision})
    if decision not in DECISIONS[CaseKind(case.kind)]:
        raise DecisionNotAllowed(f"{decision.value} doesn't fit this case.")
    if not any(has_permission(actor_id, permission) for permission in NEEDS[decision]):
        raise DecisionNotAllowed(f"Your role doesn't let you {decision.value}. Leave it to somebody who may.")
    if author_of(case) == actor_id:
        raise DecisionNotAllowed("It is about something of your own. Leave it to somebody else.")
    if decision is Decision.APPROVE:
        now = MarketHead.objects.values_list("seq", flat=True).get(market_id=case.market_id)
        if seen_seq is not None and seen_seq != now:
            raise DraftChanged("Its creator has changed the draft since you looked. Read it again.")


def _reason(reason: str) -> str:
    try:
        return clean_text(reason, length_min=3, length_max=REASON_LENGTH_MAX)
    except ValueError as problem:
        raise ReportInvalid(f"The reason {problem}.", field="/reason") from problem
