"""How a rule's conditions are said beside the names that the API uses."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerting.types import Kind

CONDITION_WORDS: Final[Mapping[Kind, Promise]] = {
    Kind.GT: _("is above"),
    Kind.GE: _("is at or above"),
    Kind.LT: _("is below"),
    Kind.LE: _("is at or below"),
    Kind.EQ: _("is equal to"),
    Kind.NE: _("is other than"),
    Kind.OUTSIDE: _("is outside of two bounds"),
    Kind.CHANGE: _("changed by"),
    Kind.RATE: _("changes per second by"),
    Kind.ABSENT: _("has not been measured for"),
    Kind.ANOMALY: _("is unusual"),
    Kind.FORECAST: _("is about to reach"),
    Kind.BURN_RATE: _("uses up its error budget"),
    Kind.SEASONAL: _("is unusual for this time"),
}
