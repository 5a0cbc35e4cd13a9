"""What an order would do, in the words of the ticket; read from the same document that the API answers."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext

from common.languages import outcome_word, said
from common.money import PAYOUT_PER_LOT, parse_cash, parse_quantity
from trading.services.answer import Answer
from trading.types import OrderStatus, PlaceOrder, Side


@dataclass(frozen=True, slots=True)
class Preview:
    """Cash units, lots, and 1/1,000,000 for ``price_after``; ``profit`` is if the outcome happens, ``left`` is free to
    trade afterwards."""

    filled: int
    resting: int
    cost: int
    fee: int
    average: int | None
    payout: int
    profit: int
    price_after: int | None
    left: int
    is_buy: bool
    is_waiting: bool
    button: str

    @property
    def total(self) -> int:
        """What a buyer pays or a seller gets, fee included."""
        return self.cost + self.fee if self.is_buy else self.cost - self.fee


def preview_of(answer: Answer, command: PlaceOrder, *, outcome_name: str) -> Preview:
    document = json.loads(answer.body)
    filled, cost, fee = (
        parse_quantity(document["filled"]),
        parse_cash(document["cost"]),
        parse_cash(document["fee"]),
    )
    prices = answer.effects.prices if answer.effects else ()
    payout = filled * PAYOUT_PER_LOT
    return Preview(
        filled=filled,
        resting=parse_quantity(document["remaining"]),
        cost=cost,
        fee=fee,
        average=round(cost * 100 / filled) if filled else None,
        payout=payout,
        profit=payout - cost - fee,
        price_after=prices[command.spec.outcome] if prices else None,
        left=parse_cash(document["account"]["available"]),
        is_buy=command.spec.side is Side.BUY,
        is_waiting=document["status"] == OrderStatus.WAITING,
        button=_button(document, outcome_name),
    )


def _button(document: dict[str, str], outcome_name: str) -> str:
    facts = {"name": outcome_word(outcome_name)} | {
        field: said(str(document[field])) for field in ("quantity", "filled", "cost")
    }
    facts["price"] = said(str(document["price"]))
    is_buy = document["side"] == Side.BUY
    if document["status"] == OrderStatus.WAITING:
        facts["price"] = said(str(document["trigger_price"]))
        waiting = (
            gettext("Buy %(quantity)s %(name)s from %(price)s up")
            if is_buy
            else gettext("Sell %(quantity)s %(name)s from %(price)s down")
        )
        return waiting % facts
    if document["filled"] == "0":
        resting = (
            gettext("Buy %(quantity)s %(name)s at %(price)s or better")
            if is_buy
            else gettext("Sell %(quantity)s %(name)s at %(price)s or better")
        )
        return resting % facts
    done = (
        gettext("Buy %(filled)s %(name)s for %(cost)s") if is_buy else gettext("Sell %(filled)s %(name)s for %(cost)s")
    )
    return done % facts
