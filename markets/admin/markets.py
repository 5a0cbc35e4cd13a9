"""Markets, topics and the journal. Status changes only by actions, which call the services."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from accounts.services.record_audit import record_audit
from common.caching.tags import invalidate_tags
from common.client_ip import client_ip
from common.languages import outcome_word, written
from common.money import format_quantity
from common.staff_pages import BulkAction, ReadOnlyAdmin, ReasonForm, StaffAction, StaffAdmin
from markets.admin.payouts import payout_words
from markets.engine.drafting import CHALLENGE_WINDOW_S_MIN
from markets.engine.lifecycle import actions_from
from markets.errors import ApprovalNeeded
from markets.models import Market, MarketEvent, Override, Topic
from markets.services._transition import parties_of, policy_now
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.create_market import create_market
from markets.services.dispute_resolution import dispute_resolution
from markets.services.edit_draft import edit_draft
from markets.services.halt_market import halt_market
from markets.services.open_market import open_market
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.services.resume_market import resume_market
from markets.services.void_market import void_market
from markets.staff_forms import DRAFT_FIELDS, LIMITS, DraftForm, PayoutsForm
from markets.types import MARKET_LISTS, Action, MarketStatus, OverrideKind, Party

_MAY_OPERATE: Final = "markets.operate_market"
Perform = Callable[[HttpRequest, Market, forms.Form], object]


def _reason(form: forms.Form) -> str:
    return str(form.cleaned_data["reason"])


def _halt(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return halt_market(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form))


def _resume(request: HttpRequest, market: Market, form: forms.Form) -> object:
    seconds = settings.POST_ONLY_AFTER_HALT_S
    return resume_market(market_id=market.pk, actor_id=request.user.pk, post_only_s=seconds)


def _close(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return close_market(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form))


def _propose(request: HttpRequest, market: Market, form: forms.Form) -> object:
    said = form.cleaned_data["said"]
    return propose_resolution(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form), **said)


def _dispute(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return dispute_resolution(market_id=market.pk, actor_id=cast("int", request.user.pk), reason=_reason(form))


def _confirm(request: HttpRequest, market: Market, form: forms.Form) -> object:
    said = form.cleaned_data["said"]
    try:
        return confirm_resolution(market_id=market.pk, actor_id=request.user.pk, **said)
    except ApprovalNeeded:
        return _ask(request, market, OverrideKind.RESOLVE, form, **said)


def _void(request: HttpRequest, market: Market, form: forms.Form) -> object:
    try:
        return void_market(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form))
    except ApprovalNeeded:
        return _ask(request, market, OverrideKind.VOID, form)


def _ask(request: HttpRequest, market: Market, kind: OverrideKind, form: forms.Form, **said: Any) -> object:
    """Let it wait for a second person."""
    return request_override(
        market_id=market.pk,
        actor_id=cast("int", request.user.pk),
        kind=kind,
        reason=_reason(form),
        ip=client_ip(request),
        **said,
    )


def _ask_undo(request: HttpRequest, market: Market, form: forms.Form) -> str:
    _ask(request, market, OverrideKind.UNDO, form)
    return str(_WAITS)


_WAITS: Final = gettext_lazy("It waits for another operator, who approves it under Overrides.")
UNDO: Final = StaffAction("undo", gettext_lazy("Undo the settlement"), _ask_undo, is_dangerous=True)


_SHOWN: Final = ("topic", "creator", "proposed_by", "disputed_by")
PERFORM: Final[Mapping[Action, tuple[Perform, type[forms.Form], "str | Promise"]]] = {
    Action.HALT: (_halt, ReasonForm, gettext_lazy("Halt")),
    Action.RESUME: (_resume, ReasonForm, gettext_lazy("Resume")),
    Action.CLOSE: (_close, ReasonForm, gettext_lazy("Close")),
    Action.PROPOSE: (_propose, PayoutsForm, gettext_lazy("Propose a resolution")),
    Action.DISPUTE: (_dispute, ReasonForm, gettext_lazy("Dispute")),
    Action.CONFIRM: (_confirm, PayoutsForm, gettext_lazy("Confirm the resolution")),
    Action.VOID: (_void, ReasonForm, gettext_lazy("Void")),
}


@admin.register(Market)
class MarketAdmin(StaffAdmin):
    """``opening`` is replaced by the wiring with the service that also funds the maker rule."""

    opening: ClassVar[Callable[[int, int], int]] = staticmethod(
        lambda market_id, actor_id: open_market(market_id=market_id, actor_id=actor_id)
    )
    form = DraftForm
    list_display = ["question", "status", "kind", "topic", "closes_at", "creator", "source"]
    list_select_related = ["topic", "creator"]
    list_filter = ["status", "kind", "resolution_policy", "is_staff_turn", "topic"]
    search_fields = ["question", "slug"]
    fields = ["status", *DRAFT_FIELDS]
    bulk_actions = (
        BulkAction(Action.OPEN.value, pgettext_lazy("action", "Open"), _MAY_OPERATE),
        BulkAction(Action.HALT.value, gettext_lazy("Halt"), _MAY_OPERATE),
        BulkAction(Action.RESUME.value, gettext_lazy("Resume"), _MAY_OPERATE),
        BulkAction(Action.CLOSE.value, gettext_lazy("Close"), _MAY_OPERATE, is_dangerous=True),
    )
    readonly_fields = ["status"]

    def get_fields(self, request: HttpRequest, obj: Market | None = None) -> Sequence[Any]:
        if obj is None or obj.status == MarketStatus.DRAFT:
            return self.fields if obj else DRAFT_FIELDS
        return READ_FIELDS

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if not request.user.has_perm("markets.operate_market"):
            form.window_s_min = min(CHALLENGE_WINDOW_S_MIN, obj.challenge_window_s if obj else CHALLENGE_WINDOW_S_MIN)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Market | None = None) -> Sequence[Any]:
        if obj is None or obj.status == MarketStatus.DRAFT:
            return self.readonly_fields
        return READ_FIELDS

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Market]":
        found: QuerySet[Market] = super().get_queryset(request)
        is_one = request.resolver_match and "object_id" in request.resolver_match.kwargs
        return found.select_related(*_SHOWN).prefetch_related("outcomes") if is_one else found

    def state_of(self, target: Market) -> str:
        return str(target.get_status_display())

    @admin.display(description=gettext_lazy("liquidity of the maker rule (b)"))
    def shown_liquidity(self, market: Market) -> str:
        if not market.liquidity_lots:
            return gettext("no maker rule")
        return gettext("%(number)s shares") % {"number": written(format_quantity(market.liquidity_lots))}

    @admin.display(description=gettext_lazy("fees of takers and makers"))
    def shown_fees(self, market: Market) -> str:
        fees = (market.taker_fee_bps, market.maker_fee_bps)
        taker, maker = (written(f"{fee / 100:g} %") for fee in fees)
        return gettext("%(taker)s and %(maker)s") % {"taker": taker, "maker": maker}

    @admin.display(description=gettext_lazy("time to object"))
    def shown_window(self, market: Market) -> str:
        return gettext("%(number)s hours") % {"number": written(f"{market.challenge_window_s / 3_600:g}")}

    @admin.display(description=gettext_lazy("outcomes and payouts"))
    def shown_outcomes(self, market: Market) -> str:
        said = payout_words(market, market.payouts or market.proposed_payouts)
        return ", ".join(outcome_word(outcome.name) for outcome in market.outcomes.all()) if said == "-" else said

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_editable = not isinstance(obj, Market) or obj.status == MarketStatus.DRAFT
        return is_editable and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A market has a journal, which is for ever; void it instead.
        return False

    def save_model(self, request: HttpRequest, obj: Market, form: Any, change: bool) -> None:
        actor_id = cast("int", request.user.pk)
        if change:
            edit_draft(market_id=obj.pk, actor_id=actor_id, spec=form.spec())
        else:
            made = create_market(creator_id=actor_id, spec=form.spec())
            obj.pk, obj.slug, obj.creator_id = made.pk, made.slug, made.creator_id
            obj._state.adding = False
        after = {"changed": form.changed_data}
        action = "markets.edit_draft" if change else "markets.create_market"
        record_audit(actor_id=actor_id, action=action, target=obj, after=after, ip=client_ip(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The services have saved everything."""

    def open_actions(self, request: HttpRequest, target: Market) -> Sequence[StaffAction]:
        parties = parties_of(target, cast("int", request.user.pk))
        possible = actions_from(MarketStatus(target.status), parties, policy_now(target))
        offered = [self._action(action) for action in possible]
        if Party.OPERATOR not in parties:
            return offered
        is_over = target.status in (MarketStatus.RESOLVED, MarketStatus.VOID)
        return [*offered, UNDO if is_over else LIMITS]

    def _action(self, action: Action) -> StaffAction:
        perform, form, label = PERFORM.get(action, (self._open, ReasonForm, pgettext_lazy("action", "Open")))

        def recorded(request: HttpRequest, market: Market, sent: forms.Form) -> str:
            before = market.status
            if isinstance(perform(request, market, sent), Override):
                return str(_WAITS)
            market.refresh_from_db()
            record_audit(
                actor_id=request.user.pk,
                action=f"markets.{action.value}",
                target=market,
                reason=_reason(sent),
                before={"status": before},
                after={"status": market.status},
                ip=client_ip(request),
            )
            return gettext("The market is %(status)s now.") % {"status": market.get_status_display()}

        return StaffAction(action.value, label, recorded, form, is_dangerous=action is Action.VOID)

    def _open(self, request: HttpRequest, market: Market, form: forms.Form) -> object:
        return type(self).opening(market.pk, cast("int", request.user.pk))


READ_FIELDS: Final = [
    "status",
    "question",
    "kind",
    "topic",
    "slug",
    "rules",
    "resolution_source",
    "description",
    "creator",
    "created_at",
    "opened_at",
    "closes_at",
    "closed_at",
    "shown_liquidity",
    "shown_fees",
    "shown_window",
    "resolution_policy",
    "proposed_by",
    "proposed_at",
    "proposal_reason",
    "challenge_ends_at",
    "disputed_by",
    "dispute_reason",
    "resolved_at",
    "shown_outcomes",
]


@admin.register(Topic)
class TopicAdmin(StaffAdmin):
    list_display = ["name", "slug", "position"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        action = "markets.change_topic" if change else "markets.add_topic"
        after = {"changed": form.changed_data}
        record_audit(actor_id=request.user.pk, action=action, target=obj, after=after, ip=client_ip(request))
        invalidate_tags(MARKET_LISTS)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        super().delete_model(request, obj)
        invalidate_tags(MARKET_LISTS)


@admin.register(MarketEvent)
class MarketEventAdmin(ReadOnlyAdmin):
    list_display = ["id", "market", "seq", "kind", "at", "actor"]
    list_select_related = ["market", "actor"]
    list_filter = ["kind"]
    search_fields = ["=market__slug"]
    ordering = ["-id"]
    fields = ["market", "seq", "kind", "at", "actor", "data"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[MarketEvent]":
        found: QuerySet[MarketEvent] = super().get_queryset(request)
        return found if request.resolver_match and "object_id" in request.resolver_match.kwargs else found.defer("data")
