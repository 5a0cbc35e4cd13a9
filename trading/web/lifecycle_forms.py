"""Forms for the life of a market: open, close, propose, dispute. Words in, one ``LifecycleStep`` out."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from common.client_ip import client_ip
from common.clock import now
from common.languages import outcome_word, typed
from common.money import PRICE_SCALE
from common.problem_words import refusal_words
from markets.selectors.possible_actions import possible_actions
from markets.types import Action
from trading.selectors.market_detail import MarketDetail
from trading.services.change_lifecycle import LifecycleStep
from trading.web.forms import parse_cents

_MAY_OPERATE: Final = "markets.operate_market"
_MAY_DISPUTE: Final = "trading.add_order"
_PARTIAL: Final = "partial"
_FIELD_OF_POINTER: Final = {"/reason": "reason", "/payouts": "result", "/value": "value"}


class LifecycleForm(forms.Form):
    """One step; several of them can stand on one page."""

    action: ClassVar[Action]
    heading: ClassVar[str | Promise]
    hint: ClassVar[str | Promise] = ""
    submit: ClassVar[str | Promise]

    def __init__(self, *args: Any, market: MarketDetail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.action.value}-%s"
        self.market = market
        self.payouts: tuple[int, ...] = ()

    def step(self, request: HttpRequest) -> LifecycleStep:
        assert request.user.pk is not None
        return LifecycleStep(
            market_id=self.market.id,
            actor_id=request.user.pk,
            action=self.action,
            reason=self.cleaned_data.get("reason", ""),
            payouts=self.payouts,
            value=str(self.cleaned_data.get("value", "")),
            ip=client_ip(request),
        )

    def add_refusal(self, problem: Mapping[str, Any]) -> None:
        """Show a problem document beside the field that it names."""
        pointers = [error.get("pointer", "") for error in problem.get("errors", [])]
        field = _FIELD_OF_POINTER.get(pointers[0] if pointers else "")
        self.add_error(field if field in self.fields else None, refusal_words(problem))


def _reason(help_text: str | Promise) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=gettext_lazy("Reason"), min_length=3, max_length=2_000, widget=widget, help_text=cast("str", help_text)
    )


class OpenForm(LifecycleForm):
    action = Action.OPEN
    heading = gettext_lazy("Open for trading")
    hint = gettext_lazy("Everybody can see and trade the market from then on; its question and rules stay as they are.")
    submit = gettext_lazy("Open this market")


class CloseForm(LifecycleForm):
    action = Action.CLOSE
    heading = gettext_lazy("Close early")
    hint = gettext_lazy("Trading ends for good, and open orders are cancelled.")
    submit = gettext_lazy("Close this market")
    # There is no way back, and the button stands on a page where people trade.
    is_meant = forms.BooleanField(
        label=gettext_lazy("Yes, end trading now"),
        error_messages={"required": gettext_lazy("Tick this to end trading now.")},
    )
    reason = _reason(gettext_lazy("Why before its time? Everybody will see it."))
    field_order = ("reason", "is_meant")


class DisputeForm(LifecycleForm):
    action = Action.DISPUTE
    heading = gettext_lazy("Dispute this result")
    hint = gettext_lazy("Nothing is paid until staff have decided.")
    submit = gettext_lazy("Dispute this result")
    reason = _reason(gettext_lazy("What is wrong, and where that can be read. Everybody will see it."))


class ProposeForm(LifecycleForm):
    action = Action.PROPOSE
    heading = gettext_lazy("Propose the result")
    submit = gettext_lazy("Propose this result")
    result = forms.ChoiceField(label=gettext_lazy("Result"))
    percent = forms.CharField(
        label=gettext_lazy("Yes pays, in percent"),
        required=False,
        max_length=8,
        help_text=gettext_lazy("For a result in part only."),
    )
    value = forms.CharField(label=gettext_lazy("Value"), required=False, max_length=40)
    reason = _reason(gettext_lazy("Where the answer can be read. Everybody will see it."))
    field_order = ("value", "result", "percent", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        result = self.fields["result"]
        assert isinstance(result, forms.ChoiceField)
        partial = [(_PARTIAL, gettext("In part"))] if self.market.is_binary else []
        result.choices = [
            ("", gettext("Choose…")),
            *((o.slug, outcome_word(o.name)) for o in self.market.outcomes),
            *partial,
        ]
        if self.market.is_binary:
            self.fields["percent"].widget.attrs["inputmode"] = "decimal"
        else:
            del self.fields["percent"]
        self._offer_value()

    def _offer_value(self) -> None:
        scale = self.market.scale
        if scale is None:
            del self.fields["value"]
            return
        self.fields["value"].label = (
            gettext("Value in %(unit)s") % {"unit": scale.unit} if scale.unit else gettext("Value")
        )
        self.fields["value"].help_text = (
            gettext("A date such as 2027-03-31.") if self.market.kind == "date" else gettext("A number.")
        )
        self.fields["result"].required = False
        self.fields["result"].label = gettext("Or the bucket")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        result = data.get("result")
        if "value" in self.fields and bool(data.get("value")) == bool(result):
            self.add_error(
                "value",
                gettext("Give the value, or choose its bucket.") if not result else gettext("Give one of the two."),
            )
        elif result == _PARTIAL:
            self._take_percent(str(data.get("percent", "")).strip().removesuffix("%").rstrip())
        elif result:
            self.payouts = tuple(PRICE_SCALE if o.slug == result else 0 for o in self.market.outcomes)
            if data.get("percent"):
                self.add_error("percent", gettext("Leave this empty, or choose a result in part."))
        return data

    def _take_percent(self, text: str) -> None:
        try:
            ticks = parse_cents(typed(text))
        except ValueError:
            self.add_error("percent", gettext("Give a percentage from 0.01 to 99.99, such as 30."))
        else:
            self.payouts = (ticks, PRICE_SCALE - ticks)


class VoteForm(ProposeForm):
    """A member of the committee says what a proposal would."""

    heading = gettext_lazy("Your vote")
    hint = gettext_lazy("You can change it until the vote ends; everybody can read it with your reason.")
    submit = gettext_lazy("Cast this vote")


FORMS: Final[Mapping[str, type[LifecycleForm]]] = {
    form.action.value: form for form in (OpenForm, CloseForm, ProposeForm, DisputeForm)
}


def offered_forms(
    request: HttpRequest, market: MarketDetail, sent: LifecycleForm | None = None
) -> tuple[LifecycleForm, ...]:
    """What the reader may do now; ``sent`` stands where it was, with its errors."""
    kinds = [form for name, form in FORMS.items() if name in _offered(request, market)]
    if sent is not None and type(sent) not in kinds:
        kinds.append(type(sent))
    return tuple(sent if sent is not None and type(sent) is kind else kind(market=market) for kind in kinds)


def _offered(request: HttpRequest, market: MarketDetail) -> set[str]:
    user = request.user
    if not user.is_authenticated:
        return set()
    is_operator = user.is_staff and user.has_perm(_MAY_OPERATE)
    is_creator = user.pk == market.creator_id
    policy = "staff" if market.is_staff_turn else market.resolution_policy
    found = set(possible_actions(market.status, policy, is_creator=is_creator, is_operator=is_operator))
    is_over = market.challenge_ends_at is None or market.challenge_ends_at <= now()
    if Action.DISPUTE in found and (is_over or not user.has_perm(_MAY_DISPUTE)):
        found.remove(Action.DISPUTE)
    return {action.value for action in found}
