"""Fields of the pages of webhooks; the services check everything again."""

from typing import Final

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from alerting.engine.webhooks.catalogue import CATALOGUE
from common.phrases import said

_HOURS: Final = [
    ("0", gettext_lazy("at once")),
    ("1", gettext_lazy("in an hour")),
    ("24", gettext_lazy("in a day")),
    ("168", gettext_lazy("in a week")),
]
_DAYS: Final = [
    ("1", gettext_lazy("the last day")),
    ("7", gettext_lazy("the last week")),
    ("30", gettext_lazy("the last 30 days")),
]
_MARKETS_MAX: Final = 1_000


def _event(name: str) -> str:
    return f"{name}: {said(CATALOGUE[name].summary)}"


#: In the language of who reads it, not of who imported this.
_told: Final = lazy(_event, str)


class EndpointForm(forms.Form):
    """Without an address, the one before stays."""

    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500, widget=forms.URLInput(attrs={"placeholder": "https://bot.example.org/hooks"}),
        help_text=gettext_lazy("It starts with https:// and is kept encrypted; only its host is shown again."),
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, required=False, help_text=gettext_lazy("For you, such as “my bot”.")
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("It gets"), widget=forms.CheckboxSelectMultiple,
        choices=[(name, _told(name)) for name in CATALOGUE],
        initial=[one.name for one in CATALOGUE.values() if one.name.startswith(("order.", "fill."))],
    )  # fmt: skip
    markets = forms.CharField(
        label=gettext_lazy("Markets"), max_length=_MARKETS_MAX, required=False,
        help_text=gettext_lazy("Ids with commas between, such as 7, 12. Leave it empty for all."),
    )  # fmt: skip

    def clean_markets(self) -> tuple[int, ...]:
        parts = [part.strip() for part in self.cleaned_data["markets"].split(",") if part.strip()]
        if not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):
            raise forms.ValidationError(gettext("Write ids with commas between, such as 7, 12."))
        return tuple(map(int, parts))


class ChangeForm(EndpointForm):
    url = forms.CharField(
        label=gettext_lazy("New address"), max_length=500, required=False, widget=forms.URLInput(),
        help_text=gettext_lazy("Leave it empty to keep the address."),
    )  # fmt: skip


class RotateForm(forms.Form):
    hours = forms.ChoiceField(label=gettext_lazy("The old secret stops signing"), choices=_HOURS, initial="24")


class ReplayForm(forms.Form):
    days = forms.ChoiceField(label=gettext_lazy("What was missed in"), choices=_DAYS, initial="1")


class TestForm(forms.Form):
    event = forms.ChoiceField(label=gettext_lazy("Event"), choices=[(name, name) for name in CATALOGUE])
