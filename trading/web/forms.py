"""The order ticket as a plain form: words in, one ``PlaceOrder`` out."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from common.languages import outcome_word, typed, written
from common.money import CASH_MAX, PRICE_SCALE, QUANTITY_LOTS_MAX, parse_cash, parse_quantity
from common.problem_words import refusal_words
from trading.engine.digests import spec_digest
from trading.errors import InsufficientFunds
from trading.selectors.market_detail import MarketDetail
from trading.types import OrderSpec, OrderType, PlaceOrder, Side, Ties, TimeInForce

_TICKS_PER_CENT: Final = PRICE_SCALE // 100
#: As ``datetime-local`` sends it; scripts send their own zone through the API.
_MOMENT: Final = "%Y-%m-%dT%H:%M"
_CENTS: Final = re.compile(r"(\d{0,2})(?:\.(\d{1,2}))?", re.ASCII)
#: Where the pointers of refusals are shown; anything else goes above the button.
_FIELD_OF_POINTER: Final = {
    "/quantity": "quantity",
    "/price": "price",
    "/max_cost": "amount",
    "/trigger_price": "trigger",
    "/expires_at": "expires",
    "/outcome": "outcome",
    "/side": "side",
    "/time_in_force": "time_in_force",
    "/post_only": "post_only",
    "/reduce_only": "reduce_only",
}


class TicketForm(forms.Form):
    outcome = forms.ChoiceField()
    side = forms.ChoiceField(choices=[("buy", gettext_lazy("Buy")), ("sell", gettext_lazy("Sell"))], initial="buy")
    type = forms.ChoiceField(
        choices=[
            ("market", gettext_lazy("Market")),
            ("limit", gettext_lazy("Limit")),
            ("stop", gettext_lazy("Stop")),
        ],
        initial="market",
    )
    amount = forms.CharField(required=False, max_length=24)
    quantity = forms.CharField(required=False, max_length=24)
    price = forms.CharField(required=False, max_length=8)
    trigger = forms.CharField(required=False, max_length=8)
    time_in_force = forms.ChoiceField(
        required=False,
        choices=[
            ("gtc", gettext_lazy("Until I cancel it")),
            ("gtd", gettext_lazy("Until a day and time")),
            ("ioc", gettext_lazy("Now, the rest not at all")),
            ("fok", gettext_lazy("All now or nothing")),
        ],
    )
    expires = forms.CharField(required=False, max_length=24)
    post_only = forms.BooleanField(required=False)
    reduce_only = forms.BooleanField(required=False)
    client_order_id = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$")

    def __init__(self, *args: Any, market: MarketDetail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.market = market
        self._indexes = {outcome.slug: outcome.index for outcome in market.outcomes}
        self.spec: OrderSpec | None = None
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(item.slug, outcome_word(item.name)) for item in market.outcomes]

    @property
    def is_by_amount(self) -> bool:
        return bool(self["type"].value() == "market" and self["side"].value() == "buy")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.spec = self._spec(data)
        return data

    def _spec(self, data: Mapping[str, Any]) -> OrderSpec | None:
        is_market, is_limit, is_stop = (data["type"] == name for name in ("market", "limit", "stop"))
        spends = is_market and data["side"] == "buy"
        price = self._price("price") if is_limit or (is_stop and data["price"]) else None
        trigger = self._price("trigger") if is_stop else None
        cost_max = self._cost_max() if spends else None
        quantity = None if spends else self._quantity()
        time = TimeInForce.IOC if is_market else TimeInForce(data["time_in_force"] or "gtc")
        end = self._end() if time is TimeInForce.GTD else None
        if self.errors:
            return None
        return OrderSpec(
            market_id=self.market.id,
            outcome=self._indexes[data["outcome"]],
            side=Side(data["side"]),
            type=OrderType.STOP_LIMIT if is_stop and price is not None else OrderType(data["type"]),
            time_in_force=time,
            price=price,
            quantity=quantity,
            cost_max=cost_max,
            valid_until=end,
            ties=Ties(trigger) if is_stop else None,
            post_only=is_limit and data["post_only"],
            reduce_only=is_limit and data["side"] == "sell" and data["reduce_only"],
        )

    def _price(self, field: str) -> int | None:
        return self._read(field, parse_cents, PRICE_SCALE, gettext("Give a price in cents, such as 62 or 62.5."))

    def _cost_max(self) -> int | None:
        return self._read("amount", parse_cash, CASH_MAX, gettext("Give the credits to spend, such as 25."))

    def _quantity(self) -> int | None:
        return self._read(
            "quantity", parse_quantity, QUANTITY_LOTS_MAX, gettext("Give a number of shares, such as 10.")
        )

    def _end(self) -> datetime | None:
        text = str(self.cleaned_data.get("expires", "")).strip()
        try:
            return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
        except ValueError:
            self.add_error("expires", gettext("Give the day and the time at which it ends."))
            return None

    def _read(self, field: str, parse: Callable[[str], int], most: int, hint: str) -> int | None:
        text = str(self.cleaned_data.get(field, "")).strip()
        try:
            value = parse(typed(text))
            if value > most:
                raise ValueError(gettext("is more than there is"))
            return value
        except ValueError as error:
            self.add_error(field, hint if not text else f"{text!r} {error}. {hint}")
            return None

    def command(self, user_id: int) -> PlaceOrder:
        """The order of a valid form; the same form sent twice is the same order, here and in the API."""
        assert self.spec is not None
        key = self.cleaned_data["client_order_id"]
        return PlaceOrder(user_id, self.spec, key, spec_digest(self.spec))

    def renew_key(self) -> None:
        self.data = dict(self.data.items()) | {"client_order_id": new_client_order_id()}

    def add_refusal(self, problem: Mapping[str, Any]) -> None:
        """Show a problem document beside the field that it names."""
        pointers = [error.get("pointer", "") for error in problem.get("errors", [])]
        field = _FIELD_OF_POINTER.get(pointers[0] if pointers else "")
        if field in {"quantity", "amount"}:
            field = "amount" if self.is_by_amount else "quantity"
        self.add_error(field, _words(problem))


def parse_cents(text: str) -> int:
    """``62.5`` cents to 6,250 ticks; raises ``ValueError`` that continues the value."""
    match = _CENTS.fullmatch(text)
    if match is None:
        raise ValueError(gettext("is not a number from 0.01 to 99.99 with at most two decimal places"))
    ticks = int(match[1] or 0) * _TICKS_PER_CENT + int((match[2] or "").ljust(2, "0"))
    if ticks == 0:
        raise ValueError(gettext("is below the lowest price, 0.01"))
    return ticks


def _words(problem: Mapping[str, Any]) -> str:
    if problem["code"] == InsufficientFunds.code:
        have, need = (written(f"{Decimal(problem[name]):,.2f}") for name in ("available", "required"))
        return gettext("You have %(have)s free; this needs %(need)s.") % {"have": have, "need": need}
    return refusal_words(problem)


def new_client_order_id() -> str:
    return f"web-{secrets.token_hex(12)}"
