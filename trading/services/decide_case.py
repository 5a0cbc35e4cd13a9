"""Decide what was reported, and do it: both happen or neither."""

from typing import Final

from django.db import transaction

from accounts.services.audit_person import audit_person
from accounts.services.suspend_user import suspend_user
from markets.services.decide_case import decide_case as mark_decided
from markets.services.moderate_comment import hide_comment
from markets.types import Action, DecidedCase, Decision
from trading.services._retry import retried
from trading.services.change_lifecycle import LifecycleStep, change_lifecycle

_OF_AUTHOR: Final = {Decision.SUSPEND: "accounts.suspend_user", Decision.WARN: "accounts.warn_user"}


def decide_case(
    *, case_id: int, actor_id: int, decision: Decision, reason: str, seen_seq: int | None = None, ip: str = ""
) -> DecidedCase:
    """Carry out a moderator's decision; who reported it, and whom it is about, are told soon after.

    Raises: CaseNotFound, CaseDecided, DecisionNotAllowed, DraftChanged, ReportInvalid, and what carrying it out raises
    """
    return retried(lambda: _decide(case_id, actor_id, decision, reason, seen_seq, ip))


def _decide(case_id: int, actor_id: int, decision: Decision, reason: str, seen_seq: int | None, ip: str) -> DecidedCase:
    with transaction.atomic():
        found = mark_decided(
            case_id=case_id, actor_id=actor_id, decision=decision, reason=reason, seen_seq=seen_seq, ip=ip
        )
        if decision is Decision.HIDE:
            assert found.comment_id is not None, "only comments are hidden"
            hide_comment(comment_id=found.comment_id, actor_id=actor_id, reason=found.reason, ip=ip)
        elif decision in _OF_AUTHOR:
            if decision is Decision.SUSPEND:
                suspend_user(user_id=found.author_id, actor_id=actor_id)
            action = _OF_AUTHOR[decision]
            audit_person(user_id=found.author_id, actor_id=actor_id, action=action, reason=found.reason, ip=ip)
        elif decision in (Decision.CLOSE, Decision.APPROVE):
            turn = Action.CLOSE if decision is Decision.CLOSE else Action.OPEN
            change_lifecycle(
                LifecycleStep(market_id=found.market_id, actor_id=actor_id, action=turn, reason=found.reason, ip=ip)
            )
    return found
