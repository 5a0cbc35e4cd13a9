"""Reporting a comment or a market to the moderators, by a plain form."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded, PermissionMissing
from common.errors import DomainError
from common.problem_words import words_of
from markets.selectors.comments import CommentView, comment
from markets.services.report import TEXT_LENGTH_MAX
from markets.types import ReportReason
from trading.services.report_thing import report_comment_as_trader, report_market_as_trader
from trading.web.limits import limited
from trading.web.market import access_market

_ID_MAX: Final = 2**63 - 1
_MAY_REPORT: Final = "trading.add_order"
REASONS: Final = {
    ReportReason.SPAM: gettext_lazy("Spam or advertising"),
    ReportReason.ABUSE: gettext_lazy("Insults, threats, hatred, private details"),
    ReportReason.MANIPULATION: gettext_lazy("Lies meant to move the price"),
    ReportReason.UNCLEAR: gettext_lazy("Rules that are unclear or contradict themselves"),
    ReportReason.DUPLICATE: gettext_lazy("There is a market for it already"),
    ReportReason.OTHER: gettext_lazy("Something else"),
}
_OF_COMMENTS: Final = (ReportReason.SPAM, ReportReason.ABUSE, ReportReason.MANIPULATION, ReportReason.OTHER)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("What is wrong?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Only moderators read this."),
    )

    def __init__(self, *args: Any, reasons: tuple[ReportReason, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(one.value, REASONS[one]) for one in reasons]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited
def report_comment(request: HttpRequest, comment_id: str) -> HttpResponse:
    view = comment(int(comment_id)) if int(comment_id) <= _ID_MAX else None
    if view is None:
        raise Http404
    access_market(request, view.market_slug)
    form = ReportForm(request.POST or None, reasons=_OF_COMMENTS)
    back = f"/markets/{view.market_slug}#comment-{view.id}"
    return _answer(request, form, {"comment": view, "back": back}, lambda: _of_comment(request, view, form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited
def report_market(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    form = ReportForm(request.POST or None, reasons=tuple(REASONS))
    names = {"market": detail, "back": f"/markets/{detail.slug}"}
    return _answer(request, form, names, lambda: _of_market(request, detail.id, form))


def _answer(request: HttpRequest, form: ReportForm, names: dict[str, Any], send: Any) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _check_may_write(request)
                send()
            except DomainError as refusal:
                form.add_error(None, words_of(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Thank you. A moderator looks at it, and you are told what was decided."))
                return redirect(names["back"])
    return render(request, "moderation/report.html", {**names, "form": form}, status=status)


def _of_comment(request: HttpRequest, view: CommentView, form: ReportForm) -> None:
    said = form.cleaned_data
    report_comment_as_trader(
        comment_id=view.id, reporter_id=_user_id(request), reason=ReportReason(said["reason"]), text=said["text"]
    )


def _of_market(request: HttpRequest, market_id: int, form: ReportForm) -> None:
    said = form.cleaned_data
    report_market_as_trader(
        market_id=market_id, reporter_id=_user_id(request), reason=ReportReason(said["reason"]), text=said["text"]
    )


def _check_may_write(request: HttpRequest) -> None:
    """The same permission and the same allowance as through the API."""
    if not request.user.has_perm(_MAY_REPORT):
        raise PermissionMissing("Your account may not do this. Ask staff for a role that may.")
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(f"That was fast. Wait {allowance.retry_after_s} s and send it again.")


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "login_required stands before"
    return request.user.pk
