"""The builder's form: what a browser sends, turned into a definition, its readers and its schedule."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_lazy

from analytics.reports.engine.definitions import TITLE_MAX, definition_from
from analytics.reports.models import ReportDefinition
from analytics.reports.selectors.figures import catalogue
from analytics.reports.services.save_definition import SHARED_ROLES, ScheduleSpec
from analytics.reports.types import Cadence, Definition, Delivery, Format, Grain, Period
from common.errors import DomainError
from common.phrases import said
from common.problem_words import field_words, words_of

_PERIODS: Final = (
    (Period.YESTERDAY, gettext_lazy("Yesterday")),
    (Period.LAST_7_DAYS, gettext_lazy("Last 7 days")),
    (Period.LAST_30_DAYS, gettext_lazy("Last 30 days")),
    (Period.LAST_90_DAYS, gettext_lazy("Last 90 days")),
    (Period.LAST_WEEK, gettext_lazy("Last week, Monday to Sunday")),
    (Period.LAST_MONTH, gettext_lazy("Last month")),
    (Period.CUSTOM, gettext_lazy("Between two days")),
)
_FORMATS: Final = (
    (Format.PDF, "PDF"),
    (Format.HTML, gettext_lazy("Web page")),
    (Format.XLSX, "Excel"),
    (Format.CSV, "CSV"),
    (Format.JSON, "JSON"),
)
_GRAINS: Final = (
    (Grain.DAY, gettext_lazy("Day")),
    (Grain.WEEK, gettext_lazy("Week")),
    (Grain.MONTH, gettext_lazy("Month")),
)
_NEVER: Final = "never"
_CADENCES: Final = (
    (_NEVER, gettext_lazy("Only when asked")),
    (Cadence.DAILY, gettext_lazy("Each day")),
    (Cadence.WEEKLY, gettext_lazy("Each week")),
    (Cadence.MONTHLY, gettext_lazy("Each month")),
)
_DELIVERIES: Final = (
    (Delivery.IN_APP, gettext_lazy("Keep it here")),
    (Delivery.LINK, gettext_lazy("E-mail with a link")),
    (Delivery.ATTACHMENT, gettext_lazy("E-mail with the file")),
)
_DAYS: Final = tuple(WEEKDAYS.items())
_ROLES: Final = {
    "analyst": gettext_lazy("Analysts"),
    "operator": gettext_lazy("Operators"),
    "admin": gettext_lazy("Admins"),
}
_SPLITS_HELP: Final = gettext_lazy("At most two, which all chosen figures know.")
_ZONES_HELP: Final = gettext_lazy(
    "Such as Europe/Lisbon or UTC. The turn keeps to the clocks there, summer and winter."
)


def _choice(label: Any, choices: Sequence[tuple[Any, Any]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(str(value), words) for value, words in choices], **more)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class BuilderForm(forms.Form):
    """Checks no more than what a browser could have got wrong; the services know the rules."""

    # Fields that the script has hidden must not hold the form back without a word.
    use_required_attribute = False

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_MAX)
    metrics = forms.MultipleChoiceField(label=gettext_lazy("Figures"), required=False)
    dimensions = forms.MultipleChoiceField(
        label=gettext_lazy("Split by"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_SPLITS_HELP
    )
    period = _choice(gettext_lazy("Period"), _PERIODS, initial=Period.LAST_30_DAYS)
    first_on = _day(gettext_lazy("First day"))
    last_on = _day(gettext_lazy("Last day"))
    grain = _choice(gettext_lazy("One row for each"), _GRAINS, widget=forms.RadioSelect, initial=Grain.DAY)
    format = _choice(gettext_lazy("Format"), _FORMATS, widget=forms.RadioSelect, initial=Format.PDF)
    shared_with = forms.MultipleChoiceField(
        label=gettext_lazy("Share with"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(role), _ROLES[str(role)]) for role in SHARED_ROLES],
        help_text=gettext_lazy("Readers see only what their own role allows."),
    )  # fmt: skip
    cadence = _choice(gettext_lazy("Make it"), _CADENCES, initial=_NEVER)
    at = forms.TimeField(
        label=gettext_lazy("At"), initial="06:30", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.CharField(label=gettext_lazy("Time zone"), initial="UTC", help_text=_ZONES_HELP)
    weekday = _choice(gettext_lazy("On"), _DAYS, initial="0")
    day = forms.IntegerField(
        label=gettext_lazy("On day"),
        initial=1,
        min_value=1,
        max_value=31,
        help_text=gettext_lazy("A shorter month has its turn on its last day."),
    )
    delivery = _choice(gettext_lazy("Deliver"), _DELIVERIES, initial=Delivery.IN_APP)
    recipients = forms.CharField(
        label=gettext_lazy("Also to"),
        required=False,
        help_text=gettext_lazy("Handles with commas between them. You get it in any case."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        figures = catalogue()
        # The fields are this form's own copies.
        metrics, dimensions = self.fields["metrics"], self.fields["dimensions"]
        assert isinstance(metrics, forms.MultipleChoiceField)
        assert isinstance(dimensions, forms.MultipleChoiceField)
        metrics.choices = [(name, said(figure.title)) for name, figure in figures.items()]
        names = dict.fromkeys(name for figure in figures.values() for name in figure.dimensions)
        dimensions.choices = [(name, said(name.capitalize())) for name in names]
        for name in names:
            label = gettext("Only %(name)s") % {"name": said(name)}
            self.fields[f"only_{name}"] = forms.CharField(label=label, required=False, max_length=2_000)

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields that narrow a dimension."""
        return [self[name] for name in self.fields if name.startswith("only_")]

    def definition(self) -> Definition:
        """Of a form that is valid."""
        given = self.cleaned_data
        period = Period(given["period"])
        is_custom = period is Period.CUSTOM
        only = {name.removeprefix("only_"): _parts(given[name]) for name in given if name.startswith("only_")}
        return Definition(
            title=given["title"],
            metrics=tuple(given["metrics"]),
            dimensions=tuple(given["dimensions"]),
            filters={name: values for name, values in only.items() if values},
            period=period,
            first_on=given["first_on"] if is_custom else None,
            last_on=given["last_on"] if is_custom else None,
            grain=Grain(given["grain"]),
            format=Format(given["format"]),
        )

    def schedule(self) -> ScheduleSpec | None:
        """Of a form that is valid; ``None`` when it is made only when asked."""
        given = self.cleaned_data
        if given["cadence"] == _NEVER:
            return None
        return ScheduleSpec(
            cadence=Cadence(given["cadence"]),
            at=given["at"],
            time_zone=given["time_zone"],
            weekday=int(given["weekday"]),
            day=given["day"],
            delivery=Delivery(given["delivery"]),
            recipients=_parts(given["recipients"]),
        )

    def tell(self, refusal: DomainError) -> None:
        """Show each mistake beside its field."""
        if not refusal.errors:
            self.add_error(None, words_of(refusal))
        for error in refusal.errors:
            self.add_error(self._field_of(error.pointer), field_words(error))

    def _field_of(self, pointer: str) -> str | None:
        parts = pointer.strip("/").split("/")
        names = (f"only_{parts[-1]}" if parts[0] == "filters" else parts[0], parts[1] if parts[1:] else "")
        return next((name for name in names if name in self.fields), None)


def initial_of(kept: ReportDefinition) -> dict[str, Any]:
    """The form as it was when the definition was kept."""
    definition = definition_from(kept.document)
    given: dict[str, Any] = {**kept.document, "shared_with": kept.shared_with}
    given |= {"first_on": definition.first_on, "last_on": definition.last_on}
    given |= {f"only_{name}": ", ".join(values) for name, values in definition.filters.items()}
    schedule = getattr(kept, "schedule", None)
    if schedule is not None:
        names = ("cadence", "at", "time_zone", "weekday", "day", "delivery")
        given |= {name: getattr(schedule, name) for name in names}
    return given


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """What the browser suggests; found once, since hundreds of files are looked at."""
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
