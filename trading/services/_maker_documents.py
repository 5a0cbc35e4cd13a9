"""The JSON of answers to conversions of NO, and to liquidity added and withdrawn; as in ``_documents``."""

from typing import Any

import orjson

from common.money import PAYOUT_PER_LOT
from trading.services._order_answers import Setting, account_document, format_cash, format_quantity
from trading.types import ConvertNo, Effects


def maker_text(setting: Setting, effects: Effects, *, seq: int, cash: int, held: int) -> str:
    """The answer to an accepted command; ``cash`` and ``held`` are the trader's after it."""
    facts = (
        _conversion(setting, effects.command) if isinstance(effects.command, ConvertNo) else _change(setting, effects)
    )
    about = {"seq": seq, "created_at": setting.at, "account": account_document(cash, held)}
    return orjson.dumps({"market_id": setting.market_id} | facts | about).decode()


def _conversion(setting: Setting, command: ConvertNo) -> dict[str, Any]:
    chosen = set(command.outcomes)
    return {
        "no": [setting.outcomes[outcome] for outcome in sorted(chosen)],
        "quantity": format_quantity(command.quantity),
        "cash": format_cash((len(chosen) - 1) * command.quantity * PAYOUT_PER_LOT),
        "shares": {
            slug: format_quantity(command.quantity)
            for outcome, slug in enumerate(setting.outcomes)
            if outcome not in chosen
        },
    }


def _change(setting: Setting, effects: Effects) -> dict[str, Any]:
    """``cost`` is what the provider paid in all, negative for what they received."""
    provision = effects.provision
    assert provision is not None
    return {
        "action": "add" if provision.lots > 0 else "withdraw",
        "quantity": format_quantity(abs(provision.lots)),
        "liquidity": format_quantity(provision.liquidity),
        "cost": format_cash(provision.cash + provision.sets * PAYOUT_PER_LOT),
        "shares": {
            slug: format_quantity(lots) for slug, lots in zip(setting.outcomes, provision.shares, strict=True) if lots
        },
        "prices": {
            slug: f"{price / 1_000_000:.6f}" for slug, price in zip(setting.outcomes, effects.prices, strict=True)
        },
    }
