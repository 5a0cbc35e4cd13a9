"""Tell moderators of a comment or a market; or ask them to let a new market open.

Contract   What one person says of one thing counts once while it waits. The first report opens the case, in which the
           others are collected; two first ones at once end up in the same case.
"""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F

from common import clock
from common.text import clean_text
from markets.errors import ActionNotAllowed, CommentNotFound, MarketNotFound, ReportInvalid, WrongStatus
from markets.models import Case, Comment, Market, Report
from markets.types import CaseKind, CaseStatus, CommentStatus, MarketStatus, ReportReason

TEXT_LENGTH_MAX: Final = 500


def report_comment(*, comment_id: int, reporter_id: int, reason: ReportReason, text: str = "") -> int:
    """Report a comment that is shown.

    Returns: the id of the case
    Raises:  CommentNotFound, ReportInvalid
    """
    words = _clean(text)
    comment = Comment.objects.filter(pk=comment_id).exclude(market__status=MarketStatus.DRAFT).first()
    if comment is None:
        raise CommentNotFound(f"There is no comment {comment_id}.")
    if comment.author_id == reporter_id:
        raise ReportInvalid("This is your own comment: delete it.")
    if comment.status != CommentStatus.SHOWN:
        raise ReportInvalid("Its text isn't shown any more. There is nothing to report.")
    subject = {"kind": CaseKind.COMMENT.value, "comment_id": comment_id, "market_id": comment.market_id}
    return _report(subject, reporter_id, reason, words)


def report_market(*, market_id: int, reporter_id: int, reason: ReportReason, text: str = "") -> int:
    """Report a published market.

    Returns: the id of the case
    Raises:  MarketNotFound, ReportInvalid
    """
    words = _clean(text)
    market = Market.objects.filter(pk=market_id).exclude(status=MarketStatus.DRAFT).first()
    if market is None:
        raise MarketNotFound(f"There is no market {market_id}.")
    if market.creator_id == reporter_id:
        raise ReportInvalid("This is your own market: ask staff to call it off.")
    return _report({"kind": CaseKind.MARKET.value, "market_id": market_id}, reporter_id, reason, words)


def ask_approval(*, market_id: int, creator_id: int) -> int:
    """Ask staff to open a draft. Returns: the id of the case. Raises: MarketNotFound, ActionNotAllowed, WrongStatus"""
    with transaction.atomic():
        # Without its lock: whoever decides takes the case first and the market after it.
        market = Market.objects.filter(pk=market_id).first()
        if market is None:
            raise MarketNotFound(f"There is no market {market_id}.")
        if market.creator_id != creator_id:
            raise ActionNotAllowed("Only its creator sends a draft for approval.")
        if market.status != MarketStatus.DRAFT:
            raise WrongStatus("Only a draft is approved.", extra={"market_status": market.status})
        return _waiting({"kind": CaseKind.APPROVAL.value, "market_id": market_id}).pk


def _report(subject: dict[str, Any], reporter_id: int, reason: ReportReason, words: str) -> int:
    with transaction.atomic():
        case = _waiting(subject)
        values = {"reason": reason.value, "text": words, "created_at": clock.now()}
        _, is_new = Report.objects.get_or_create(case=case, reporter_id=reporter_id, defaults=values)
        if is_new:
            Case.objects.filter(pk=case.pk).update(reports=F("reports") + 1)
    return case.pk


def _waiting(subject: dict[str, Any]) -> Case:
    """The case that waits, locked, so that nobody decides it meanwhile; opened if there is none."""
    waiting = Case.objects.select_for_update().filter(**subject, status=CaseStatus.WAITING)
    found = waiting.first()
    while found is None:
        try:
            with transaction.atomic():
                found = Case.objects.create(**subject, status=CaseStatus.WAITING.value, opened_at=clock.now())
        except IntegrityError:
            # Somebody else has opened it; unless it is decided by now, in which case another one is opened.
            found = waiting.first()
    return found


def _clean(text: str) -> str:
    try:
        return clean_text(text, length_max=TEXT_LENGTH_MAX, is_one_line=False)
    except ValueError as problem:
        raise ReportInvalid(f"The text {problem}.", field="/text") from problem
