"""Forms of a series: what is said of it, and the name of an event that is put into it."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy

from markets.services.save_series import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX
from markets.types import Cadence, SeriesSpec

CADENCES: Final = {
    Cadence.DAILY.value: gettext_lazy("Every day"),
    Cadence.WEEKLY.value: gettext_lazy("Every week"),
    Cadence.MONTHLY.value: gettext_lazy("Every month"),
    Cadence.QUARTERLY.value: gettext_lazy("Every quarter"),
    Cadence.YEARLY.value: gettext_lazy("Every year"),
    Cadence.IRREGULAR.value: gettext_lazy("From time to time"),
}


class SeriesForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), min_length=3, max_length=NAME_LENGTH_MAX)
    cadence = forms.ChoiceField(label=gettext_lazy("How often"), choices=list(CADENCES.items()))
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=DESCRIPTION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What its events have in common, in plain text."),
    )

    def spec(self) -> SeriesSpec:
        said = self.cleaned_data
        return SeriesSpec(name=said["name"], cadence=Cadence(said["cadence"]), description=said["description"])


class EventForm(forms.Form):
    event = forms.CharField(
        label=gettext_lazy("Event"),
        max_length=80,
        help_text=gettext_lazy("The name that its markets share."),
    )
