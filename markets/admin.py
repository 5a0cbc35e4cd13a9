"""Markets, topics and the journal. Status changes only by actions, which call the services."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.services.record_audit import record_audit
from common import clock
from common.caching.tags import invalidate_tags
from common.client_ip import client_ip
from common.money import format_price, format_quantity, parse_price, parse_quantity
from common.staff_pages import ReadOnlyAdmin, ReasonForm, StaffAction, StaffAdmin
from markets.engine.drafting import CHALLENGE_WINDOW_S_MIN, checked
from markets.engine.lifecycle import actions_from
from markets.engine.scales import format_value
from markets.errors import MarketInvalid
from markets.models import Comment, Market, MarketEvent, Topic
from markets.services._transition import parties_of
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.create_market import create_market
from markets.services.dispute_resolution import dispute_resolution
from markets.services.edit_draft import edit_draft
from markets.services.halt_market import halt_market
from markets.services.moderate_comment import hide_comment, restore_comment
from markets.services.open_market import open_market
from markets.services.propose_resolution import propose_resolution
from markets.services.resume_market import resume_market
from markets.services.void_market import void_market
from markets.types import MARKET_LISTS, Action, CommentStatus, MarketKind, MarketSpec, MarketStatus, ScaleSpec

DRAFT_FIELDS: Final[list[Any]] = [
    "question",
    "kind",
    "outcome_names",
    "scale_lower",
    "scale_upper",
    "scale_buckets",
    "scale_bounds",
    "unit",
    "is_open_below",
    "is_open_above",
    "topic",
    "tags",
    "closes_at",
    "rules",
    "resolution_source",
    "description",
    "slug",
    "liquidity",
    "taker_fee_bps",
    "maker_fee_bps",
    "tick",
    "lot",
    "challenge_window_s",
]
#: Fields of the form that are no columns.
OWN_FIELDS: Final = ("outcome_names", "liquidity", "scale_lower", "scale_upper", "scale_buckets", "scale_bounds")
SPEC_FIELDS: Final = (
    "question rules description resolution_source closes_at liquidity_lots taker_fee_bps maker_fee_bps tick lot"
    " challenge_window_s event_group source source_id"
)


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft as staff edit it; what is wrong with it is said by ``markets.engine.drafting``."""

    outcome_names = forms.CharField(
        label="outcomes",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="One a line, for a categorical market. A binary market has yes and no.",
    )
    scale_lower = forms.CharField(
        label="lowest value",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Of a numeric market, such as 0; of a date market the first day, such as 2027-01-01.",
    )
    scale_upper = forms.CharField(
        label="highest value",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="The upper bound of the last bucket; of a date market the day after its last day.",
    )
    scale_buckets = forms.IntegerField(
        label="buckets between them",
        required=False,
        min_value=0,
        max_value=100,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Evenly wide; they are the outcomes.",
    )
    scale_bounds = SimpleArrayField(
        forms.CharField(max_length=40),
        label="or all bounds",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="With commas, for buckets of different widths.",
    )
    tags = SimpleArrayField(
        forms.CharField(max_length=40), required=False, widget=UnfoldAdminTextInputWidget(), help_text="With commas."
    )
    slug = forms.CharField(
        required=False, widget=UnfoldAdminTextInputWidget(), help_text="Part of the address; empty: from the question."
    )
    liquidity = forms.CharField(
        initial="100",
        widget=UnfoldAdminTextInputWidget(),
        help_text="b of the maker rule in shares; it can lose at most b ln n credits. 0: no maker rule.",
    )

    class Meta:
        model = Market
        fields = [name for name in DRAFT_FIELDS if name not in OWN_FIELDS]
        labels: ClassVar = {
            "is_open_below": "a bucket for everything below",
            "is_open_above": "a bucket for everything above",
        }

    window_s_min = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["outcome_names"].initial = "\n".join(outcome.name for outcome in self.instance.outcomes.all())
            self.fields["liquidity"].initial = format_quantity(self.instance.liquidity_lots)
            if self.instance.bounds:
                self._show_scale(MarketKind(self.instance.kind), self.instance.bounds)

    def _show_scale(self, kind: MarketKind, bounds: Sequence[Decimal]) -> None:
        self.fields["outcome_names"].initial = ""
        self.fields["scale_bounds"].initial = [format_value(kind, bound) for bound in bounds]

    def _scale(self) -> ScaleSpec | None:
        data = self.cleaned_data
        if not any(data.get(name) for name in ("scale_lower", "scale_upper", "scale_buckets", "scale_bounds")):
            return None
        return ScaleSpec(
            bounds=tuple(data["scale_bounds"] or ()),
            lower=data["scale_lower"],
            upper=data["scale_upper"],
            buckets=data["scale_buckets"] or 0,
            unit=data["unit"],
            below=data["is_open_below"],
            above=data["is_open_above"],
        )

    def clean_liquidity(self) -> str:
        try:
            self.instance.liquidity_lots = parse_quantity(self.cleaned_data["liquidity"])
        except ValueError as problem:
            raise forms.ValidationError(f"The liquidity {problem}.") from problem
        return str(self.cleaned_data["liquidity"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                clean = checked(self.spec(), clock.now(), window_s_min=self.window_s_min)
                self.instance.bounds = list(clean.buckets.bounds) if clean.buckets else None
            except MarketInvalid as refusal:
                for error in refusal.errors:
                    self.add_error(_field_of(error.pointer), error.detail)
        return cleaned

    def spec(self) -> MarketSpec:
        data = self.cleaned_data
        kind = MarketKind(data["kind"])
        names = tuple(line.strip() for line in data["outcome_names"].splitlines() if line.strip())
        values = {name: data.get(name, getattr(self.instance, name)) for name in SPEC_FIELDS.split()}
        return MarketSpec(
            **values,
            kind=kind,
            topic=data["topic"].slug,
            tags=tuple(data["tags"] or ()),
            slug=data["slug"],
            outcomes=names,
            scale=self._scale(),
        )


_SCALE_FIELDS: Final = {"upper": "scale_upper", "buckets": "scale_buckets", "bounds": "scale_bounds", "unit": "unit"}


def _field_of(pointer: str) -> str | None:
    parts = pointer.strip("/").split("/")
    field = _SCALE_FIELDS.get(parts[1] if parts[1:] else "", "scale_lower") if parts[0] == "scale" else parts[0]
    field = {"outcomes": "outcome_names", "tick_size": "tick", "lot_size": "lot"}.get(field, field)
    return field if field in DRAFT_FIELDS else None


class PayoutsForm(ReasonForm):
    """One payout for each outcome, as decimal strings that add up to 1 credit."""

    takes_target = True

    def __init__(self, *args: Any, target: Market, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        if target.bounds is not None:
            self.fields["value"] = forms.CharField(
                label=f"Value {target.unit}".strip(),
                required=False,
                widget=UnfoldAdminTextInputWidget(),
                help_text="Picks the bucket that pays, whatever stands below.",
            )
        for outcome in target.outcomes.all():
            ticks = target.proposed_payouts[outcome.index] if target.proposed_payouts else 0
            self.fields[f"payout_{outcome.index}"] = forms.CharField(
                label=f"One share of “{outcome.name}” pays",
                initial=format_price(ticks),
                widget=UnfoldAdminTextInputWidget(),
            )
        self.fields["reason"] = reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        payouts = []
        for name in [name for name in self.fields if name.startswith("payout_")]:
            try:
                payouts.append(parse_price(cleaned.get(name, "")))
            except ValueError as problem:
                self.add_error(name, f"The payout {problem}.")
        value = cleaned.get("value", "")
        return {**cleaned, "said": {"value": value} if value else {"payouts": payouts}}


Perform = Callable[[HttpRequest, Market, forms.Form], object]


def _reason(form: forms.Form) -> str:
    return str(form.cleaned_data["reason"])


def _halt(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return halt_market(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form))


def _resume(request: HttpRequest, market: Market, form: forms.Form) -> object:
    seconds = settings.POST_ONLY_AFTER_HALT_S
    return resume_market(market_id=market.pk, actor_id=request.user.pk, post_only_s=seconds)


def _close(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return close_market(market_id=market.pk, actor_id=request.user.pk)


def _propose(request: HttpRequest, market: Market, form: forms.Form) -> object:
    said = form.cleaned_data["said"]
    return propose_resolution(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form), **said)


def _dispute(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return dispute_resolution(market_id=market.pk, actor_id=cast("int", request.user.pk), reason=_reason(form))


def _confirm(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return confirm_resolution(market_id=market.pk, actor_id=request.user.pk, **form.cleaned_data["said"])


def _void(request: HttpRequest, market: Market, form: forms.Form) -> object:
    return void_market(market_id=market.pk, actor_id=request.user.pk, reason=_reason(form))


PERFORM: Final[Mapping[Action, tuple[Perform, type[forms.Form], str]]] = {
    Action.HALT: (_halt, ReasonForm, "Halt"),
    Action.RESUME: (_resume, ReasonForm, "Resume"),
    Action.CLOSE: (_close, ReasonForm, "Close"),
    Action.PROPOSE: (_propose, PayoutsForm, "Propose a resolution"),
    Action.DISPUTE: (_dispute, ReasonForm, "Dispute"),
    Action.CONFIRM: (_confirm, PayoutsForm, "Confirm the resolution"),
    Action.VOID: (_void, ReasonForm, "Void"),
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
    list_filter = ["status", "kind", "topic"]
    search_fields = ["question", "slug"]
    fields = ["status", *DRAFT_FIELDS]
    readonly_fields = ["status"]

    def get_fields(self, request: HttpRequest, obj: Market | None = None) -> Sequence[Any]:
        if obj is None or obj.status == MarketStatus.DRAFT:
            return self.fields if obj else DRAFT_FIELDS
        return [*READ_FIELDS, "shown_outcomes"]

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if not request.user.has_perm("markets.operate_market"):
            form.window_s_min = min(CHALLENGE_WINDOW_S_MIN, obj.challenge_window_s if obj else CHALLENGE_WINDOW_S_MIN)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Market | None = None) -> Sequence[Any]:
        if obj is None or obj.status == MarketStatus.DRAFT:
            return self.readonly_fields
        return [*READ_FIELDS, "shown_outcomes"]

    @admin.display(description="outcomes and payouts")
    def shown_outcomes(self, market: Market) -> str:
        payouts = market.payouts or market.proposed_payouts
        names = [outcome.name for outcome in market.outcomes.all()]
        return (
            ", ".join(f"{n}: {format_price(p)}" for n, p in zip(names, payouts, strict=True))
            if payouts
            else ", ".join(names)
        )

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
        possible = actions_from(MarketStatus(target.status), parties_of(target, cast("int", request.user.pk)))
        return [self._action(action) for action in possible]

    def _action(self, action: Action) -> StaffAction:
        perform, form, label = PERFORM.get(action, (self._open, ReasonForm, "Open"))

        def recorded(request: HttpRequest, market: Market, sent: forms.Form) -> str:
            before = market.status
            perform(request, market, sent)
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
            return f"The market is {market.status} now."

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
    "liquidity_lots",
    "taker_fee_bps",
    "maker_fee_bps",
    "challenge_window_s",
    "proposed_by",
    "proposed_at",
    "proposal_reason",
    "challenge_ends_at",
    "disputed_by",
    "dispute_reason",
    "resolved_at",
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


def _hide(request: HttpRequest, comment: Comment, form: forms.Form) -> str:
    hide_comment(
        comment_id=comment.pk, actor_id=cast("int", request.user.pk), reason=_reason(form), ip=client_ip(request)
    )
    return "The comment is hidden."


def _show(request: HttpRequest, comment: Comment, form: forms.Form) -> str:
    restore_comment(
        comment_id=comment.pk, actor_id=cast("int", request.user.pk), reason=_reason(form), ip=client_ip(request)
    )
    return "The comment is shown again."


HIDE: Final = StaffAction("hide", "Hide", _hide, is_dangerous=True)
SHOW: Final = StaffAction("show", "Show again", _show)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """What people wrote, hidden texts included; moderators hide and show."""

    list_display = ["id", "market", "author", "text", "status", "created_at", "removal_reason"]
    list_select_related = ["market", "author"]
    list_filter = ["status"]
    search_fields = ["=id", "author__username"]
    fields = ["market", "author", "text", "status", "created_at", "removed_at", "removed_by", "removal_reason"]
    readonly_fields = fields

    def open_actions(self, request: HttpRequest, target: Comment) -> Sequence[StaffAction]:
        if not request.user.has_perm("markets.moderate_comment"):
            return ()
        return {CommentStatus.SHOWN.value: [HIDE], CommentStatus.HIDDEN.value: [SHOW]}.get(target.status, [])
