"""Forms of staff for markets: a draft with its scale, how a market ends, and what limits its orders."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, cast

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from common import clock
from common.client_ip import client_ip
from common.languages import outcome_word, typed, written
from common.limit_form import LimitForm, decimal_field
from common.money import format_price, format_quantity, parse_price, parse_quantity
from common.phrases import said
from common.problem_words import field_words
from common.staff_pages import ReasonForm, StaffAction
from markets.engine.drafting import checked
from markets.engine.scales import format_value
from markets.errors import MarketInvalid
from markets.models import AnswerSource, CommitteeSeat, Market
from markets.services.change_limits import MarketLimits, change_limits, limits_of
from markets.types import VOTE_WINDOW_S, AnswerSpec, MarketKind, MarketSpec, ResolutionPolicy, ScaleSpec

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
    "resolution_policy",
    "committee_handles",
    "vote_window_s",
    "source_url",
    "source_pointer",
    "source_rule",
    "source_delay_s",
]
#: Fields of the form that are no columns.
_SOURCE: Final = ("source_url", "source_pointer", "source_rule", "source_delay_s")
OWN_FIELDS: Final = (
    *_SOURCE,
    "committee_handles",
    "outcome_names",
    "liquidity",
    "scale_lower",
    "scale_upper",
    "scale_buckets",
    "scale_bounds",
)
SPEC_FIELDS: Final = (
    "question rules description resolution_source closes_at liquidity_lots taker_fee_bps maker_fee_bps tick lot"
    " challenge_window_s vote_window_s resolution_policy event_group source source_id"
)


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft as staff edit it; what is wrong with it is said by ``markets.engine.drafting``."""

    outcome_names = forms.CharField(
        label=gettext_lazy("outcomes"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, for a categorical market. A binary market has yes and no."),
    )
    scale_lower = forms.CharField(
        label=gettext_lazy("lowest value"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Of a numeric market, such as 0; of a date market the first day, such as 2027-01-01."),
    )
    scale_upper = forms.CharField(
        label=gettext_lazy("highest value"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("The upper bound of the last bucket; of a date market the day after its last day."),
    )
    scale_buckets = forms.IntegerField(
        label=gettext_lazy("buckets between them"),
        required=False,
        min_value=0,
        max_value=100,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Evenly wide; they are the outcomes."),
    )
    scale_bounds = SimpleArrayField(
        forms.CharField(max_length=40),
        label=gettext_lazy("or all bounds"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("With commas, for buckets of different widths."),
    )
    committee_handles = SimpleArrayField(
        forms.CharField(max_length=150),
        label=gettext_lazy("committee"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Of the policy committee: handles of 3 to 25 members, with commas."),
    )
    source_url = forms.CharField(
        label=gettext_lazy("data source"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Of the policy source: an HTTPS address that answers JSON."),
    )
    source_pointer = forms.CharField(
        label=gettext_lazy("where in its answer"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("A JSON pointer such as /data/0/value."),
    )
    source_rule = forms.CharField(
        label=gettext_lazy("what it means"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Yes or no: >= 10, or lines such as won: yes. Outcomes: lines such as text: slug. Scales: empty."
        ),
    )
    source_delay_s = forms.IntegerField(
        label=gettext_lazy("asked so many seconds after the close"),
        required=False,
        min_value=0,
        widget=UnfoldAdminTextInputWidget(),
    )
    tags = SimpleArrayField(
        forms.CharField(max_length=40),
        label=gettext_lazy("tags"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("With commas."),
    )
    slug = forms.CharField(
        label=gettext_lazy("slug"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Part of the address; empty: from the question."),
    )
    liquidity = forms.CharField(
        label=gettext_lazy("liquidity"),
        initial="100",
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("b of the maker rule in shares; it can lose at most b ln n credits. 0: no maker rule."),
    )

    class Meta:
        model = Market
        fields = [name for name in DRAFT_FIELDS if name not in OWN_FIELDS]
        labels: ClassVar = {
            "is_open_below": gettext_lazy("a bucket for everything below"),
            "is_open_above": gettext_lazy("a bucket for everything above"),
        }

    window_s_min = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"resolution_policy", "vote_window_s"} & self.fields.keys():
            self.fields[name].required = False
        if self.instance.pk:
            self.fields["outcome_names"].initial = "\n".join(outcome.name for outcome in self.instance.outcomes.all())
            self.fields["liquidity"].initial = written(format_quantity(self.instance.liquidity_lots))
            self._show_source()
            if self.instance.bounds:
                self._show_scale(MarketKind(self.instance.kind), self.instance.bounds)

    def _show_source(self) -> None:
        handles = CommitteeSeat.objects.filter(market_id=self.instance.pk).order_by("pk")
        self.fields["committee_handles"].initial = list(handles.values_list("member__username", flat=True))
        source = AnswerSource.objects.filter(market_id=self.instance.pk).first()
        if source is not None:
            for name in _SOURCE:
                self.fields[name].initial = getattr(source, name.removeprefix("source_"))

    def _answer_source(self) -> AnswerSpec | None:
        said = {name.removeprefix("source_"): self.cleaned_data.get(name) for name in _SOURCE}
        if not any(said.values()):
            return None
        texts = {name: str(said[name] or "") for name in ("url", "pointer", "rule")}
        return AnswerSpec(**texts, delay_s=said["delay_s"] or 0)

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
            self.instance.liquidity_lots = parse_quantity(typed(self.cleaned_data["liquidity"]))
        except ValueError as problem:
            raise forms.ValidationError(gettext("The liquidity %(problem)s.") % {"problem": said(problem)}) from problem
        return str(self.cleaned_data["liquidity"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                clean = checked(self.spec(), clock.now(), window_s_min=self.window_s_min)
                self.instance.bounds = list(clean.buckets.bounds) if clean.buckets else None
            except MarketInvalid as refusal:
                for error in refusal.errors:
                    self.add_error(_field_of(error.pointer), field_words(error))
        return cleaned

    def spec(self) -> MarketSpec:
        data = self.cleaned_data
        kind = MarketKind(data["kind"])
        names = tuple(line.strip() for line in data["outcome_names"].splitlines() if line.strip())
        values = {name: data.get(name, getattr(self.instance, name)) for name in SPEC_FIELDS.split()}
        values["vote_window_s"] = values["vote_window_s"] or VOTE_WINDOW_S
        values["resolution_policy"] = ResolutionPolicy(values["resolution_policy"] or ResolutionPolicy.CREATOR)
        return MarketSpec(
            **values,
            kind=kind,
            topic=data["topic"].slug,
            tags=tuple(data["tags"] or ()),
            slug=data["slug"],
            outcomes=names,
            scale=self._scale(),
            answer_source=self._answer_source(),
            committee=tuple(data.get("committee_handles") or ()),
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
                label=f"{gettext('value')} {target.unit}".strip(),
                required=False,
                widget=UnfoldAdminTextInputWidget(),
                help_text=gettext_lazy("Picks the bucket that pays, whatever stands below."),
            )
        for outcome in target.outcomes.all():
            ticks = target.proposed_payouts[outcome.index] if target.proposed_payouts else 0
            self.fields[f"payout_{outcome.index}"] = forms.CharField(
                label=gettext("One share of “%(outcome)s” pays") % {"outcome": outcome_word(outcome.name)},
                initial=written(format_price(ticks)),
                widget=UnfoldAdminTextInputWidget(),
            )
        self.fields["reason"] = reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        payouts = []
        for name in [name for name in self.fields if name.startswith("payout_")]:
            try:
                payouts.append(parse_price(typed(cleaned.get(name, ""))))
            except ValueError as problem:
                self.add_error(name, gettext("The payout %(problem)s.") % {"problem": said(problem)})
        value = cleaned.get("value", "")
        return {**cleaned, "said": {"value": value} if value else {"payouts": payouts}}


class MarketLimitForm(LimitForm):
    price_band = decimal_field(
        gettext_lazy("price band"),
        gettext_lazy("How far from the price an order may trade, in credits, such as 0.2. Empty: the default."),
    )

    def __init__(self, *args: Any, target: Market, **kwargs: Any) -> None:
        super().__init__(*args, target=target, **kwargs)
        found = limits_of(target)
        self.show(found)
        self.fields["price_band"].initial = "" if found.price_band is None else written(format_price(found.price_band))

    def clean_price_band(self) -> int | None:
        return self.parsed("price_band", parse_price)


def _set(request: HttpRequest, market: Market, form: forms.Form) -> str:
    assert isinstance(form, MarketLimitForm), "the action's own form"
    said = form.cleaned_data
    change_limits(
        market_id=market.pk,
        actor_id=cast("int", request.user.pk),
        limits=MarketLimits(**form.limits(), price_band=said["price_band"]),
        reason=str(said["reason"]),
        ip=client_ip(request),
    )
    return gettext("The limits count for orders from now on; what rests stays.")


LIMITS: Final = StaffAction("limits", gettext_lazy("Limits"), _set, MarketLimitForm)
