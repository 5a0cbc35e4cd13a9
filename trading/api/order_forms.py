"""From request bodies to commands.

Order of the checks: every field's shape at once (``request.invalid``), then outcome, price, quantity and
``max_cost`` against what any market can have; the engine checks the market's own rules after that.
"""

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


def order_from(body: dict[str, Any], user_id: int) -> tuple[PlaceOrder, bool]:
    """The command, and whether it is only a dry run.

    Raises: RequestInvalid, MarketNotFound, OutcomeUnknown, PriceOffGrid, PriceOutOfRange, QuantityInvalid,
            CostMaxInvalid, ProceedsMinInvalid
    """
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
