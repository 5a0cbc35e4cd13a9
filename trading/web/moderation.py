"""The moderators' queue: what waits, oldest first, and the decisions on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.client_ip import client_ip
from common.errors import DomainError
from common.paging import CursorInvalid
from common.problem_words import words_of
from markets.selectors.cases import CaseView, decided_cases, waiting_cases, waiting_count
from markets.services.decide_case import NEEDS
from markets.types import DECISIONS, CaseKind, Decision
from trading.services.decide_case import decide_case
from trading.web.limits import limited
from trading.web.reports import REASONS

MAY_SEE: Final = ("markets.moderate_comment", "markets.operate_market")
Words = str | Promise
WORDS: Final[Mapping[Decision, Words]] = {
    Decision.DISMISS: gettext_lazy("Dismiss: nothing is wrong"),
    Decision.HIDE: gettext_lazy("Hide the comment"),
    Decision.WARN: gettext_lazy("Warn the author"),
    Decision.SUSPEND: gettext_lazy("Suspend the author"),
    Decision.CLOSE: gettext_lazy("Close the market"),
    Decision.APPROVE: gettext_lazy("Approve: open it for trading"),
    Decision.DECLINE: gettext_lazy("Decline: back to its creator"),
}
DONE: Final[Mapping[str, Words]] = {
    "dismiss": gettext_lazy("dismissed"),
    "hide": gettext_lazy("comment hidden"),
    "warn": gettext_lazy("author warned"),
    "suspend": gettext_lazy("author suspended"),
    "close": gettext_lazy("market closed"),
    "approve": gettext_lazy("approved"),
    "decline": gettext_lazy("declined"),
}
KINDS: Final = (
    ("", gettext_lazy("Everything")),
    ("comment", gettext_lazy("Comments")),
    ("market", gettext_lazy("Markets")),
    ("approval", gettext_lazy("New markets")),
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """``options``: value and words of what this reader may decide; ``said``: each report with its reason in words."""

    case: CaseView
    options: tuple[tuple[str, Words], ...]
    said: tuple[tuple[Any, Words], ...]
    done: Words


@require_safe
@login_required
@limited
def queue(request: HttpRequest) -> HttpResponse:
    _check_may_see(request)
    state = "decided" if request.GET.get("state") == "decided" else "waiting"
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(CaseKind) else ""
    cases = decided_cases if state == "decided" else waiting_cases
    try:
        page = cases(kind=kind, cursor=request.GET.get("cursor") or None)
    except CursorInvalid:
        # An old or mangled link still shows something useful: the beginning.
        page = cases(kind=kind)
    context = {
        "rows": [_row(request, case) for case in page.items],
        "next_cursor": page.next_cursor,
        "state": state,
        "kind": kind,
        "kinds": KINDS,
        "waiting": waiting_count(),
    }
    return render(request, "moderation/queue.html", context)


@require_POST
@login_required
def decide(request: HttpRequest, case_id: str) -> HttpResponse:
    """Carry out what was chosen, or say why not; the queue is what comes next."""
    _check_may_see(request)
    chosen = request.POST.get("decision", "")
    if chosen not in set(Decision):
        messages.error(request, _("Choose what to decide."))
        return redirect("moderation:queue")
    seen = request.POST.get("seen", "")
    try:
        assert request.user.pk is not None, "login_required stands before"
        decide_case(
            case_id=int(case_id),
            actor_id=request.user.pk,
            decision=Decision(chosen),
            reason=request.POST.get("reason", ""),
            seen_seq=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else -1,
            ip=client_ip(request),
        )
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, _("Decided: %(what)s.") % {"what": DONE[chosen]})
    return redirect("moderation:queue")


def _row(request: HttpRequest, case: CaseView) -> CaseRow:
    options = tuple(
        (decision.value, WORDS[decision])
        for decision in DECISIONS[case.kind]
        if any(request.user.has_perm(permission) for permission in NEEDS[decision]) and _fits(case, decision)
    )
    said = tuple((one, REASONS.get(one.reason, one.reason)) for one in case.said)  # type: ignore[call-overload]
    is_closed = case.decided_at is not None or case.author_id == request.user.pk
    return CaseRow(case, () if is_closed else options, said, DONE.get(case.decision, ""))


def _fits(case: CaseView, decision: Decision) -> bool:
    """What can still be done: nobody hides what is hidden or closes what is closed."""
    if decision is Decision.HIDE:
        return case.is_shown
    if decision is Decision.SUSPEND:
        return case.is_author_active
    if decision is Decision.CLOSE:
        return case.market_status in ("open", "halted")
    return decision is not Decision.APPROVE or case.market_status == "draft"


def _check_may_see(request: HttpRequest) -> None:
    if not any(request.user.has_perm(permission) for permission in MAY_SEE):
        raise PermissionDenied
