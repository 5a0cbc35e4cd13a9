"""Forms of the market page for the maker rule's liquidity, and for NO on several outcomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from common.languages import outcome_word, typed
from common.money import QUANTITY_LOTS_MAX, parse_quantity
from common.problem_words import refusal_words
from trading.selectors.liquidity import LiquidityView, liquidity_view
from trading.selectors.market_detail import MarketDetail
from trading.services.add_liquidity import add_liquidity
from trading.services.answer import Answer
from trading.services.convert_no import convert_no
from trading.services.withdraw_liquidity import withdraw_liquidity
from trading.web.own_account import own_part_of

_MAY_TRADE: Final = "trading.add_order"


class MakerForm(forms.Form):
    """A quantity, and what to do with it."""

    name: ClassVar[str]
    heading: ClassVar[str | Promise]
    hint: ClassVar[str | Promise]
    submit: ClassVar[str | Promise]
    quantity = forms.CharField(max_length=24, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def __init__(self, *args: Any, market: MarketDetail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.name}-%s"
        self.market = market
        self.lots = 0

    def clean_quantity(self) -> str:
        text = str(self.cleaned_data["quantity"]).strip()
        try:
            self.lots = parse_quantity(typed(text))
        except ValueError as problem:
            raise forms.ValidationError(f"{text!r} {problem}.") from problem
        if not 0 < self.lots <= QUANTITY_LOTS_MAX:
            raise forms.ValidationError(gettext("Give a number above 0, such as 50."))
        return text

    def run(self, user_id: int) -> Answer:
        raise NotImplementedError

    def add_refusal(self, problem: Mapping[str, Any]) -> None:
        """Show a problem document beside the field that it names."""
        pointers = [error.get("pointer", "") for error in problem.get("errors", [])]
        field = pointers[0].strip("/").split("/")[0] if pointers else ""
        self.add_error(field if field in self.fields else None, refusal_words(problem))


class LiquidityForm(MakerForm):
    """Add or withdraw."""

    name = "liquidity"
    heading = gettext_lazy("Provide liquidity")
    hint = gettext_lazy(
        "You own that part of all the maker rule has, and can lose what you put in; prices stay where they are."
    )
    submit = gettext_lazy("Change liquidity")
    action = forms.ChoiceField(
        choices=[("add", gettext_lazy("Add")), ("withdraw", gettext_lazy("Withdraw"))], label=gettext_lazy("What to do")
    )
    field_order = ("action", "quantity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].label = gettext("Depth b, in shares")

    def run(self, user_id: int) -> Answer:
        change: Callable[..., Answer] = add_liquidity if self.cleaned_data["action"] == "add" else withdraw_liquidity
        return change(user_id=user_id, market_id=self.market.id, quantity=self.lots)


class ConvertForm(MakerForm):
    """NO on outcomes that are ticked."""

    name = "convert"
    heading = gettext_lazy("Convert NO")
    hint = gettext_lazy(
        "NO on an outcome is a share of each of the others. NO on several becomes a credit for each but one, and a "
        "share of every other outcome."
    )
    submit = gettext_lazy("Convert")
    outcomes = forms.MultipleChoiceField(label="NO on", widget=forms.CheckboxSelectMultiple)
    field_order = ("outcomes", "quantity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = self.fields["outcomes"]
        assert isinstance(outcomes, forms.MultipleChoiceField)
        outcomes.choices = [(str(outcome.index), outcome_word(outcome.name)) for outcome in self.market.outcomes]
        self.fields["quantity"].label = gettext("Shares of NO on each")

    def run(self, user_id: int) -> Answer:
        chosen = [int(index) for index in self.cleaned_data["outcomes"]]
        return convert_no(user_id=user_id, market_id=self.market.id, outcomes=chosen, quantity=self.lots)


FORMS: Final[Mapping[str, type[MakerForm]]] = {form.name: form for form in (LiquidityForm, ConvertForm)}


@dataclass(frozen=True, slots=True)
class MakerPart:
    """The rule with the reader's part of it, and what they may do."""

    liquidity: LiquidityView | None
    forms: tuple[MakerForm, ...]


def maker_part(request: HttpRequest, market: MarketDetail, sent: MakerForm | None = None) -> MakerPart:
    """``sent`` stands where it was, with its errors."""
    own = own_part_of(request, market.id)
    view = (liquidity_view(market.id, None) if own is None else own.liquidity) if market.liquidity else None
    kinds: list[type[MakerForm]] = []
    if market.is_open and request.user.is_authenticated and request.user.has_perm(_MAY_TRADE):
        kinds = [LiquidityForm] if market.liquidity else []
        kinds += [] if market.is_binary else [ConvertForm]
    shown = [sent if sent is not None and type(sent) is kind else kind(market=market) for kind in kinds]
    return MakerPart(view, tuple(shown))
