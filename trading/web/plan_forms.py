"""The pages of a new market as forms: each takes some of the plan's answers, and shows what is wrong with them."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from markets.selectors.plans import PlanView, all_topics
from markets.services.plan_market import spec_problems
from markets.types import MarketKind
from trading.web.market_templates import MarketTemplate
from trading.web.plan_spec import closing_text, field_of, spec_of

_DAY_S: Final = 86_400
WINDOWS: Final = (
    ("3600", _("1 hour")),
    (str(_DAY_S), _("1 day")),
    (str(3 * _DAY_S), _("3 days")),
    (str(7 * _DAY_S), _("7 days")),
)
POLICIES: Final = (
    ("creator", _("I do, and anybody can object")),
    ("staff", _("Staff of this site do")),
    ("committee", _("A committee votes")),
)


class StepForm(forms.Form):
    """``heading`` and ``about`` head the page; fields that ``kinds_of`` names are for those kinds only."""

    step: ClassVar[str]
    heading: ClassVar[str | Promise]
    about: ClassVar[str | Promise] = ""
    kinds_of: ClassVar[Mapping[str, tuple[MarketKind, ...]]] = {}

    def __init__(self, data: Any = None, *, plan: PlanView, template: MarketTemplate) -> None:
        answers = dict(plan.answers)
        if "closes_at" in answers:
            answers["closes_at"] = closing_text(answers)
        super().__init__(data, initial=answers)
        self.plan, self.template = plan, template
        for name, kinds in self.kinds_of.items():
            if template.kind not in kinds:
                del self.fields[name]
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def typed(self) -> dict[str, str]:
        """The answers as they were sent, right or not."""
        names = [name for name in self.fields if name in self.data or isinstance(self.fields[name], forms.BooleanField)]
        typed = {name: str(self.data.get(name, "")).replace("\r\n", "\n") for name in names}
        return {**typed, "zone": timezone.get_current_timezone_name()} if "closes_at" in typed else typed

    def clean(self) -> dict[str, Any]:
        """What the spec's own check says of these fields."""
        cleaned = super().clean() or {}
        spec = spec_of(self.template, {**self.plan.answers, **self.typed()})
        for problem in spec_problems(spec):
            name = field_of(problem.pointer)
            if name in self.fields and name not in self.errors:
                self.add_error(name, problem.detail)
        return cleaned


def _text(label: Any, *, most: int, rows: int = 0, is_required: bool = True, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    # What is too short is said by the check of the spec, in the same words as through the API.
    return forms.CharField(label=label, max_length=most, widget=widget, required=is_required, **more)


class QuestionForm(StepForm):
    step = "question"
    heading = _("The question")
    about = _("Ask so that everybody who reads it later agrees on what was meant.")
    question = _text(
        _("Question"), most=240, help_text=_("Name the subject, the event and the date. 10 to 240 characters.")
    )
    topic = forms.ChoiceField(label=_("Topic"))
    tags = _text(_("Tags"), most=400, is_required=False, help_text=_("Up to ten words or names, with commas."))
    event_group = _text(
        _("Event"),
        most=80,
        is_required=False,
        help_text=_("Markets that name the same event stand side by side on its page. Most markets have none."),
    )
    description = _text(
        _("Background"),
        most=20_000,
        rows=5,
        is_required=False,
        help_text=_("What a newcomer should know. What decides the market goes into its rules, two steps on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", _("Choose…")), *all_topics()]


class AnswersForm(StepForm):
    step = "answers"
    heading = _("Answers and end of trading")
    about = _("Every possible future must fit exactly one answer.")
    kinds_of: ClassVar = {
        "outcomes": (MarketKind.CATEGORICAL,),
        "lower": (MarketKind.NUMERIC, MarketKind.DATE),
        "upper": (MarketKind.NUMERIC, MarketKind.DATE),
        "buckets": (MarketKind.NUMERIC, MarketKind.DATE),
        "unit": (MarketKind.NUMERIC,),
        "below": (MarketKind.NUMERIC, MarketKind.DATE),
        "above": (MarketKind.NUMERIC, MarketKind.DATE),
    }
    outcomes = _text(
        _("Outcomes, one a line"),
        most=13_000,
        rows=7,
        help_text=_("2 to 100. Unless they cover everything, end with one such as “Somebody else”."),
    )
    lower = _text(_("Lowest value"), most=40)
    upper = _text(_("Highest value"), most=40)
    buckets = _text(_("Ranges between them"), most=3, help_text=_("1 to 100, evenly wide. Traders buy these."))
    unit = _text(_("Unit"), most=24, is_required=False, help_text=_("Such as %, °C, million."))
    below = forms.BooleanField(label=_("One more range for everything below"), required=False)
    above = forms.BooleanField(label=_("One more range for everything above"), required=False)
    closes_at = forms.CharField(
        label=_("Trading ends"), max_length=40, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["closes_at"].help_text = _(
            "In your time zone, %(zone)s. Before the answer is known, or the last to trade take from the first."
        ) % {"zone": zone}
        for name in ("lower", "upper") if self.template.kind is MarketKind.DATE and "lower" in self.fields else ():
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"})
        if self.template.kind is MarketKind.DATE:
            self.fields["lower"].label, self.fields["upper"].label = _("First day"), _("The day after the last day")
        for name in {"buckets"} & self.fields.keys():
            self.fields[name].widget.attrs["inputmode"] = "numeric"


class RulesForm(StepForm):
    step = "rules"
    heading = _("Rules and resolution")
    about = _("Traders rely on these words; once the market is open they stay as they are.")
    rules = _text(
        _("Rules"),
        most=20_000,
        rows=8,
        help_text=_("What exactly decides it, and what happens in edge cases: delays, corrections, a call-off."),
    )
    resolution_source = _text(
        _("Resolution source"),
        most=500,
        is_required=False,
        help_text=_("Where the answer will be read, such as the address of a page."),
    )
    resolution_policy = forms.ChoiceField(label=_("Who says how it ends"), choices=POLICIES)
    committee = _text(
        _("Members of the committee"),
        most=4_000,
        is_required=False,
        help_text=_("Only if a committee votes: handles of 3 to 25 traders, with commas."),
    )
    challenge_window_s = forms.ChoiceField(
        label=_("Time to object"),
        choices=WINDOWS,
        help_text=_("So long after the proposed result anybody can object, before shares are paid."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_voted, handles = cleaned.get("resolution_policy") == "committee", cleaned.get("committee", "").strip()
        if is_voted and not handles:
            self.add_error("committee", _("Name the members who will vote."))
        return cleaned


class MoneyForm(StepForm):
    step = "liquidity"
    heading = _("Liquidity and fee")
    about = _("The maker rule always offers a price, so that the first trader finds somebody to trade with.")
    liquidity = _text(
        _("Liquidity"),
        most=20,
        help_text=_("The b of the maker rule, in shares: the larger, the less a trade moves the price. 0: no rule."),
    )
    taker_fee_bps = _text(
        _("Fee of takers, in basis points"),
        most=4,
        is_required=False,
        help_text=_("0 to 1,000, of price (1 - price). It goes to the site."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, mode in (("liquidity", "decimal"), ("taker_fee_bps", "numeric")):
            self.fields[name].widget.attrs["inputmode"] = mode


FORMS: Final[Mapping[str, type[StepForm]]] = {
    form.step: form for form in (QuestionForm, AnswersForm, RulesForm, MoneyForm)
}
STEPS: Final = tuple(FORMS)
