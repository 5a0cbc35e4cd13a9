"""The form of staff for limits of a market or a trader; empty fields leave what counts otherwise."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from common.languages import typed, written
from common.money import format_quantity, parse_quantity
from common.phrases import said
from common.staff_pages import ReasonForm

Parse = Callable[[str], int]
OPEN_ORDERS_MAX: Final = 10_000_000


def decimal_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=30, help_text=help_text, widget=UnfoldAdminTextInputWidget()
    )


class LimitForm(ReasonForm):
    """``limits()`` are the values as services take them: lots, and ``None`` for an empty field."""

    takes_target = True
    max_open_orders = forms.IntegerField(
        label=gettext_lazy("open orders at most"),
        required=False,
        min_value=0,
        max_value=OPEN_ORDERS_MAX,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Of one trader at once. Empty: the default. 0: none."),
    )
    max_order_size = decimal_field(
        gettext_lazy("largest order"), gettext_lazy("In shares, such as 1000. Empty: the default.")
    )
    max_position = decimal_field(
        gettext_lazy("largest position"),
        gettext_lazy("Shares of one outcome, open buys included. Empty: the default. 0: none may be bought."),
    )
    field_order = ["max_open_orders", "max_order_size", "max_position", "price_band", "reason"]

    def __init__(self, *args: Any, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target

    def show(self, limits: Any) -> None:
        """What is set now."""
        self.fields["max_open_orders"].initial = limits.max_open_orders
        for name, lots in (("max_order_size", limits.max_order_lots), ("max_position", limits.max_position_lots)):
            self.fields[name].initial = "" if lots is None else written(format_quantity(lots))

    def clean_max_order_size(self) -> int | None:
        return self.parsed("max_order_size", parse_quantity)

    def clean_max_position(self) -> int | None:
        return self.parsed("max_position", parse_quantity)

    def parsed(self, name: str, parse: Parse) -> int | None:
        text = str(self.cleaned_data.get(name) or "").strip()
        if not text:
            return None
        try:
            return parse(typed(text))
        except ValueError as problem:
            raise forms.ValidationError(gettext("The value %(problem)s.") % {"problem": said(problem)}) from problem

    def limits(self) -> dict[str, int | None]:
        said = self.cleaned_data
        return {
            "max_open_orders": said["max_open_orders"],
            "max_order_lots": said["max_order_size"],
            "max_position_lots": said["max_position"],
        }
