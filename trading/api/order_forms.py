"""From request bodies to commands.

Order of the checks: every field's shape at once (``request.invalid``), then outcome, price, quantity and
``max_cost`` against what any market can have; the engine checks the market's own rules after that.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from common.api.fields import Fields
from common.errors import DomainError
from common.money import CASH_MAX, PRICE_SCALE, QUANTITY_LOTS_MAX, parse_cash, parse_price, parse_quantity
from markets.errors import MarketNotFound
from trading.engine.digests import spec_digest
from trading.errors import (
    CostMaxInvalid,
    OutcomeUnknown,
    PriceOffGrid,
    PriceOutOfRange,
    ProceedsMinInvalid,
    QuantityInvalid,
)
from trading.selectors.outcomes import market_outcomes
from trading.types import OrderSpec, OrderType, PlaceOrder, SelfTradePolicy, Side, Ties, TimeInForce

ID_MAX: Final = 2**63 - 1
CLIENT_ORDER_ID_MAX: Final = 64
#: Of the ids that the site makes, and of keys of other commands (``trading.services.answer_once``).
_RESERVED_PREFIXES: Final = ("order-", "key:")


#: Of most orders, and what their texts are like; anything else is read field by field.
_USUAL_FIELDS: Final = frozenset(
    {"market_id", "outcome", "side", "type", "time_in_force", "price", "quantity", "client_order_id"}
)
_USUAL_SIDES: Final = {side.value: side for side in Side}
_USUAL_TIMES: Final = {time.value: time for time in (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK)}
_USUAL_PRICE: Final = re.compile(r"0\.[0-9]{1,4}")
_USUAL_QUANTITY: Final = re.compile(r"[0-9]{1,8}(\.[0-9]{1,4})?")


def order_from(body: dict[str, Any], user_id: int) -> tuple[PlaceOrder, bool]:
    """The command, and whether it is only a dry run.

    Raises: RequestInvalid, MarketNotFound, OutcomeUnknown, PriceOffGrid, PriceOutOfRange, QuantityInvalid,
            CostMaxInvalid, ProceedsMinInvalid
    """
    usual = _usual_order(body, user_id)
    return (usual, False) if usual is not None else _any_order(body, user_id)


def _usual_order(body: dict[str, Any], user_id: int) -> PlaceOrder | None:
    """A plain limit order with nothing amiss, which ``_any_order`` would read alike in three times as long."""
    if not body.keys() <= _USUAL_FIELDS:
        return None
    get = body.get
    market_id, outcome, key = get("market_id"), get("outcome"), get("client_order_id", "")
    side, time = _chosen(_USUAL_SIDES, get("side")), _chosen(_USUAL_TIMES, get("time_in_force", "gtc"))
    price, quantity = _usual_ticks(get("price")), _usual_lots(get("quantity"))
    if (
        side is None or time is None or not price or not quantity
        or type(market_id) is not int or not 0 < market_id <= ID_MAX
        or type(outcome) is not str or not 0 < len(outcome) <= 60 or not _is_usual(outcome)
        or type(key) is not str or len(key) > CLIENT_ORDER_ID_MAX or not _is_usual(key)
        or key.startswith(_RESERVED_PREFIXES) or get("type", "limit") != "limit"
    ):  # fmt: skip
        return None
    index = outcome_index(market_id, outcome, user_id)
    spec = OrderSpec(market_id, index, side, OrderType.LIMIT, time, price, quantity)
    return PlaceOrder(user_id, spec, key, spec_digest(spec))


def _chosen(choices: Mapping[str, Any], value: Any) -> Any:
    return choices.get(value) if type(value) is str else None


def _is_usual(text: str) -> bool:
    return text.isascii() and "\0" not in text


def _usual_ticks(text: Any) -> int:
    """0 for what isn't written as most prices are."""
    if type(text) is not str or not _USUAL_PRICE.fullmatch(text):
        return 0
    return int(text[2:].ljust(4, "0"))


def _usual_lots(text: Any) -> int:
    if type(text) is not str or not _USUAL_QUANTITY.fullmatch(text):
        return 0
    whole, _, fraction = text.partition(".")
    return int(whole) * 10_000 + int(fraction.ljust(4, "0"))


def _any_order(body: dict[str, Any], user_id: int) -> tuple[PlaceOrder, bool]:
    fields = Fields(body)
    market_id = fields.integer("market_id", low=1, high=ID_MAX)
    outcome = fields.text("outcome", length_max=60, is_required=True)
    side = fields.choice("side", Side)
    kind = fields.choice("type", OrderType, default=OrderType.LIMIT)
    default_time = TimeInForce.IOC if kind is OrderType.MARKET else TimeInForce.GTC
    time_in_force = fields.choice("time_in_force", TimeInForce, default=default_time)
    price, quantity, max_cost = fields.decimal("price"), fields.decimal("quantity"), fields.decimal("max_cost")
    min_proceeds = fields.decimal("min_proceeds")
    post_only, reduce_only = fields.flag("post_only"), fields.flag("reduce_only")
    policy = fields.choice("self_trade_policy", SelfTradePolicy, default=SelfTradePolicy.CANCEL_NEWEST)
    trigger = fields.decimal("trigger_price")
    group_id = fields.optional_integer("order_group_id", low=1, high=ID_MAX)
    valid_until, end = _ends_of(fields, time_in_force)
    client_order_id = fields.text("client_order_id", length_max=CLIENT_ORDER_ID_MAX)
    if client_order_id.startswith(_RESERVED_PREFIXES):
        fields.refuse("client_order_id", "field.reserved", "Ids that begin with order- or key: are the site's own.")
    is_dry_run = fields.flag("dry_run")
    fields.finish()
    spec = OrderSpec(
        market_id=market_id,
        outcome=outcome_index(market_id, outcome, user_id),
        side=side,
        type=kind,
        time_in_force=time_in_force,
        price=None if price is None else price_ticks(price),
        quantity=None if quantity is None else quantity_lots(quantity),
        cost_max=None if max_cost is None else _cost_units(max_cost),
        proceeds_min=None if min_proceeds is None else _proceeds_units(min_proceeds),
        reduce_only=reduce_only,
        post_only=post_only,
        self_trade_policy=policy,
        valid_until=end,
        ties=_ties(kind, trigger, group_id),
    )
    return PlaceOrder(user_id, spec, client_order_id, spec_digest(spec), valid_until=valid_until), is_dry_run


def _ties(kind: OrderType, trigger: str | None, group_id: int | None) -> Ties | None:
    if trigger is None and group_id is None and kind in (OrderType.LIMIT, OrderType.MARKET):
        return None
    return Ties(None if trigger is None else price_ticks(trigger, field="/trigger_price"), None, group_id)


def _ends_of(fields: Fields, time_in_force: TimeInForce) -> tuple[datetime | None, datetime | None]:
    """``valid_until`` of the command, and the end that the order keeps: ``expires_at`` when it is good till a date."""
    valid_until, expires_at = fields.moment("valid_until"), fields.moment("expires_at")
    if time_in_force is not TimeInForce.GTD:
        if expires_at is not None:
            fields.refuse("expires_at", "field.not_allowed", "It goes with time_in_force gtd; otherwise leave it out.")
        return None, valid_until
    fields.value("expires_at", is_required=True)
    return valid_until, expires_at


def outcome_index(market_id: int, slug: str, user_id: int) -> int:
    market = market_outcomes(market_id)
    # Naming the outcomes of somebody else's draft would show it.
    if market is None or (market.is_draft and market.creator_id != user_id):
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    if slug not in market.slugs:
        raise OutcomeUnknown(f"Choose one of: {', '.join(market.slugs)}.", field="/outcome")
    return market.slugs.index(slug)


def price_ticks(text: str, *, field: str = "/price") -> int:
    """Raises: PriceOutOfRange, PriceOffGrid"""
    ticks = _parsed(text, parse_price, PriceOffGrid("Prices have at most four decimal places.", field=field))
    if ticks is None or not 0 < ticks < PRICE_SCALE:
        raise PriceOutOfRange("Send a price above 0 and below 1.", field=field)
    return ticks


def quantity_lots(text: str, *, field: str = "/quantity") -> int:
    """Raises: QuantityInvalid"""
    finest = QuantityInvalid("Quantities have at most four decimal places.", field=field)
    lots = _parsed(text, parse_quantity, finest)
    if lots is None or not 0 < lots <= QUANTITY_LOTS_MAX:
        raise QuantityInvalid("Send a quantity above 0 and at most 1,000,000,000.", field=field)
    return lots


def _cost_units(text: str) -> int:
    units = _parsed(text, parse_cash, CostMaxInvalid("max_cost has at most eight decimal places.", field="/max_cost"))
    if units is None or not 0 < units <= CASH_MAX:
        raise CostMaxInvalid("Send a max_cost above 0 and at most 10,000,000,000.", field="/max_cost")
    return units


def _proceeds_units(text: str) -> int:
    finest = ProceedsMinInvalid("min_proceeds has at most eight decimal places.", field="/min_proceeds")
    units = _parsed(text, parse_cash, finest)
    if units is None or not 0 < units <= CASH_MAX:
        raise ProceedsMinInvalid("Send min_proceeds above 0 and at most 10,000,000,000.", field="/min_proceeds")
    return units


def _parsed(text: str, parse: Any, finer_than_any_grid: DomainError) -> int | None:
    """The integer, or ``None`` when it is negative or has more digits than any amount."""
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if whole.startswith("-") or len(whole.lstrip("0")) > 12:
        return None
    try:
        value: int = parse(f"{whole.lstrip('0') or '0'}.{fraction}" if fraction else whole.lstrip("0") or "0")
    except ValueError as error:
        raise finer_than_any_grid from error
    return value
