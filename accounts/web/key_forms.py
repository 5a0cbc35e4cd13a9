from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services.create_api_key import SCOPE_PERMISSION
from accounts.types import Scope
from common import clock

_LABELS: Final = {
    Scope.READ: gettext_lazy("Read your account, orders and positions"),
    Scope.TRADE: gettext_lazy("Place and cancel orders"),
    Scope.MARKET: gettext_lazy("Make markets"),
    Scope.REPORT: gettext_lazy("Read reports"),
    Scope.OPERATE: gettext_lazy("Operate markets"),
    Scope.ADMIN: gettext_lazy("Administer the site"),
}
_DAYS: Final = [
    ("7", gettext_lazy("7 days")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
    ("never", gettext_lazy("never")),
]


class ApiKeyForm(forms.Form):
    """What a new key is for; the service checks it again."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("What will use the key, for example “my bot”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple, initial=[Scope.READ, Scope.TRADE]
    )
    days = forms.ChoiceField(label=gettext_lazy("It expires after"), choices=_DAYS, initial="90")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(s.value, _LABELS[s]) for s in _allowed(user)]  # type: ignore[attr-defined]

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return None if days == "never" else clock.now() + timedelta(days=int(days))


def _allowed(user: User) -> Iterable[Scope]:
    return (s for s in Scope if s not in SCOPE_PERMISSION or user.has_perm(SCOPE_PERMISSION[s]))
