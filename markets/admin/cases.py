"""What people wrote, cases, overrides, committees, sources and series in the administration."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from common.client_ip import client_ip
from common.staff_pages import BulkAction, ReadOnlyAdmin, ReasonForm, StaffAction
from markets.admin.payouts import payout_words
from markets.models import AnswerSource, Case, Comment, CommitteeSeat, Override, Series, SeriesEvent
from markets.services.decide_case import NEEDS, author_of
from markets.services.decide_override import decline_override
from markets.services.moderate_comment import hide_comment, restore_comment
from markets.services.place_event import place_event, take_event_out
from markets.services.save_series import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX, edit_series, may_change
from markets.types import DECISIONS, Cadence, CaseKind, CaseStatus, CommentStatus, Decision, OverrideStatus, SeriesSpec

_MAY_MODERATE: Final = "markets.moderate_comment"
_MAY_OPERATE: Final = "markets.operate_market"
_EVENTS_SHOWN: Final = 50


def _reason(form: forms.Form) -> str:
    return str(form.cleaned_data["reason"])


def _actor_id(request: HttpRequest) -> int:
    return cast("int", request.user.pk)


def _hide(request: HttpRequest, comment: Comment, form: forms.Form) -> str:
    hide_comment(comment_id=comment.pk, actor_id=_actor_id(request), reason=_reason(form), ip=client_ip(request))
    return gettext("The comment is hidden.")


def _show(request: HttpRequest, comment: Comment, form: forms.Form) -> str:
    restore_comment(comment_id=comment.pk, actor_id=_actor_id(request), reason=_reason(form), ip=client_ip(request))
    return gettext("The comment is shown again.")


HIDE: Final = StaffAction("hide", gettext_lazy("Hide"), _hide, is_dangerous=True)
SHOW: Final = StaffAction("show", gettext_lazy("Show again"), _show)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """What people wrote, hidden texts included; moderators hide and show."""

    list_display = ["id", "market", "author", "text", "status", "created_at", "removal_reason"]
    list_select_related = ["market", "author"]
    list_filter = ["status"]
    search_fields = ["=id", "author__username"]
    bulk_actions = (
        BulkAction("hide", gettext_lazy("Hide"), _MAY_MODERATE, is_dangerous=True),
        BulkAction("show", gettext_lazy("Show again"), _MAY_MODERATE),
    )
    fields = ["market", "author", "text", "status", "created_at", "removed_at", "removed_by", "removal_reason"]
    readonly_fields = fields

    def state_of(self, target: Comment) -> str:
        return str(target.get_status_display())

    def open_actions(self, request: HttpRequest, target: Comment) -> Sequence[StaffAction]:
        if not request.user.has_perm("markets.moderate_comment"):
            return ()
        return {CommentStatus.SHOWN.value: [HIDE], CommentStatus.HIDDEN.value: [SHOW]}.get(target.status, [])


def _approve(request: HttpRequest, override: Override, form: forms.Form) -> str:
    OverrideAdmin.approving(override.pk, _actor_id(request), _reason(form), client_ip(request))
    return gettext("It is approved and carried out.")


def _decline(request: HttpRequest, override: Override, form: forms.Form) -> str:
    actor_id = _actor_id(request)
    found = decline_override(override_id=override.pk, actor_id=actor_id, reason=_reason(form), ip=client_ip(request))
    return gettext("It is %(status)s.") % {"status": found.get_status_display()}


APPROVE: Final = StaffAction("approve", gettext_lazy("Approve"), _approve, is_dangerous=True)
DECLINE: Final = StaffAction("decline", gettext_lazy("Decline"), _decline)
WITHDRAW: Final = StaffAction("withdraw", gettext_lazy("Withdraw"), _decline)


def _cannot_carry_out(override_id: int, actor_id: int, reason: str, ip: str) -> int:
    raise AssertionError("the wiring names the service that carries out what is approved")


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    """What staff do only in pairs; the second person approves here. ``approving`` is replaced by the wiring."""

    approving: ClassVar[Callable[[int, int, str, str], int]] = staticmethod(_cannot_carry_out)
    list_display = ["id", "market", "kind", "status", "requested_by", "requested_at", "expires_at", "decided_by"]
    list_select_related = ["market", "requested_by", "decided_by"]
    list_filter = ["status", "kind"]
    search_fields = ["=market__slug"]
    fields = [
        "market",
        "kind",
        "shown_payouts",
        "value",
        "reason",
        "shown_proposal",
        "requested_by",
        "requested_at",
        "expires_at",
        "status",
        "decided_by",
        "decided_at",
        "decision_reason",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Override]":
        found: QuerySet[Override] = super().get_queryset(request)
        is_one = request.resolver_match and "object_id" in request.resolver_match.kwargs
        known = found.select_related("market", "requested_by", "decided_by")
        return known.prefetch_related("market__outcomes") if is_one else found

    @admin.display(description=gettext_lazy("a share is to pay"))
    def shown_payouts(self, override: Override) -> str:
        return payout_words(override.market, override.payouts)

    @admin.display(description=gettext_lazy("a share pays as proposed"))
    def shown_proposal(self, override: Override) -> str:
        return payout_words(override.market, override.market.proposed_payouts)

    def open_actions(self, request: HttpRequest, target: Override) -> Sequence[StaffAction]:
        if target.status != OverrideStatus.WAITING or not request.user.has_perm("markets.operate_market"):
            return ()
        return [WITHDRAW] if target.requested_by_id == request.user.pk else [APPROVE, DECLINE]


@admin.register(AnswerSource)
class AnswerSourceAdmin(ReadOnlyAdmin):
    """Data sources of markets, what they said, and why they couldn't be read."""

    list_display = ["market", "url", "attempts", "asked_at", "ask_at", "value", "failure"]
    said_fields = ["failure"]
    list_select_related = ["market"]
    search_fields = ["=market__slug"]
    fields = [
        "market",
        "url",
        "pointer",
        "rule",
        "delay_s",
        "attempts",
        "asked_at",
        "ask_at",
        "value",
        "evidence",
        "failure",
    ]
    readonly_fields = fields


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(ReadOnlyAdmin):
    """Members of committees and their votes."""

    list_display = ["id", "market", "member", "voted_at", "payouts"]
    list_select_related = ["market", "member"]
    search_fields = ["=market__slug", "=member__username"]
    fields = ["market", "member", "payouts", "value", "reason", "voted_at"]
    readonly_fields = fields


def _decided_by(decision: Decision) -> Callable[[HttpRequest, Case, forms.Form], str]:
    def decide(request: HttpRequest, case: Case, form: forms.Form) -> str:
        CaseAdmin.deciding(case.pk, _actor_id(request), decision, _reason(form), client_ip(request))
        return gettext("Decided: %(decision)s.") % {"decision": _LABELS[decision]}

    return decide


_LABELS: Final = {
    Decision.DISMISS: gettext_lazy("Dismiss"),
    Decision.HIDE: gettext_lazy("Hide"),
    Decision.WARN: gettext_lazy("Warn"),
    Decision.SUSPEND: gettext_lazy("Suspend"),
    Decision.CLOSE: gettext_lazy("Close"),
    Decision.APPROVE: gettext_lazy("Approve"),
    Decision.DECLINE: gettext_lazy("Decline"),
}
_GRAVE: Final = {Decision.HIDE, Decision.SUSPEND, Decision.CLOSE}
_DECISIONS: Final = {
    decision: StaffAction(decision.value, _LABELS[decision], _decided_by(decision), is_dangerous=decision in _GRAVE)
    for decision in Decision
}


def _cannot_decide(case_id: int, actor_id: int, decision: Decision, reason: str, ip: str) -> object:
    raise AssertionError("the wiring names the service that does what is decided")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """What was reported or waits for approval. ``deciding`` is replaced by the wiring."""

    deciding: ClassVar[Callable[[int, int, Decision, str, str], object]] = staticmethod(_cannot_decide)
    list_display = ["id", "kind", "market", "status", "reports", "opened_at", "decision", "decided_by", "decided_at"]
    list_select_related = ["market", "decided_by"]
    list_filter = ["status", "kind", "decision"]
    search_fields = ["=market__slug"]
    fields = ["market", "comment", *list_display[1:2], *list_display[3:], "reason"]
    readonly_fields = fields
    bulk_actions = (
        BulkAction(Decision.DISMISS.value, gettext_lazy("Dismiss"), "markets.view_case"),
        BulkAction(Decision.HIDE.value, gettext_lazy("Hide the comments"), _MAY_MODERATE, is_dangerous=True),
        BulkAction(Decision.APPROVE.value, gettext_lazy("Approve"), _MAY_OPERATE),
        BulkAction(Decision.DECLINE.value, gettext_lazy("Decline"), _MAY_OPERATE),
    )

    def state_of(self, target: Case) -> str:
        told = {"kind": target.get_kind_display(), "market": target.market}
        if target.decision:
            told |= {"decision": target.get_decision_display()}
            return gettext("%(kind)s of %(market)s, decided: %(decision)s") % told
        return gettext("%(kind)s of %(market)s, %(status)s") % {**told, "status": target.get_status_display()}

    def open_actions(self, request: HttpRequest, target: Case) -> Sequence[StaffAction]:
        if target.status != CaseStatus.WAITING or author_of(target) == request.user.pk:
            return ()
        fitting = DECISIONS[CaseKind(target.kind)]
        return [_DECISIONS[one] for one in fitting if any(request.user.has_perm(need) for need in NEEDS[one])]


class SeriesForm(ReasonForm):
    takes_target = True
    name = forms.CharField(label=gettext_lazy("name"), min_length=3, max_length=NAME_LENGTH_MAX)
    cadence = forms.ChoiceField(
        label=gettext_lazy("cadence"), choices=lambda: Series._meta.get_field("cadence").flatchoices
    )
    description = forms.CharField(
        label=gettext_lazy("description"),
        max_length=DESCRIPTION_LENGTH_MAX,
        required=False,
        widget=forms.Textarea,
    )
    field_order = ["name", "cadence", "description", "reason"]

    def __init__(self, *args: Any, target: Series, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "cadence", "description"):
            self.fields[name].initial = getattr(target, name)


class EventForm(ReasonForm):
    event = forms.CharField(
        label=gettext_lazy("event"), max_length=80, help_text=gettext_lazy("The name that its markets share.")
    )
    field_order = ["event", "reason"]


def _change(request: HttpRequest, series: Series, form: forms.Form) -> str:
    said = form.cleaned_data
    spec = SeriesSpec(name=said["name"], cadence=Cadence(said["cadence"]), description=said["description"])
    by = {"ip": client_ip(request), "reason": _reason(form)}
    edit_series(slug=series.slug, actor_id=_actor_id(request), spec=spec, **by)
    return gettext("The series is changed.")


def _place(request: HttpRequest, series: Series, form: forms.Form) -> str:
    by = {"ip": client_ip(request), "reason": _reason(form)}
    place_event(slug=series.slug, event=form.cleaned_data["event"], actor_id=_actor_id(request), **by)
    return gettext("The event is in the series.")


def _take_out(request: HttpRequest, series: Series, form: forms.Form) -> str:
    by = {"ip": client_ip(request), "reason": _reason(form)}
    take_event_out(slug=series.slug, event=form.cleaned_data["event"], actor_id=_actor_id(request), **by)
    return gettext("The event is out of the series.")


_OF_SERIES: Final = (
    StaffAction("change", gettext_lazy("Change"), _change, SeriesForm),
    StaffAction("place", gettext_lazy("Put an event in"), _place, EventForm),
    StaffAction("out", gettext_lazy("Take an event out"), _take_out, EventForm, is_dangerous=True),
)


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin):
    """Recurring lines of events. They are begun on their own pages."""

    list_display = ["name", "slug", "cadence", "creator", "created_at"]
    list_select_related = ["creator"]
    list_filter = ["cadence"]
    search_fields = ["name", "=slug"]
    fields = ["name", "slug", "cadence", "description", "creator", "created_at", "newest_events"]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("newest events"))
    def newest_events(self, series: Series) -> str:
        names = SeriesEvent.objects.filter(series=series).order_by("-at", "-id").values_list("name", flat=True)
        return ", ".join(names[:_EVENTS_SHOWN]) or gettext("none")

    def open_actions(self, request: HttpRequest, target: Series) -> Sequence[StaffAction]:
        return _OF_SERIES if may_change(target.creator_id, _actor_id(request)) else ()
