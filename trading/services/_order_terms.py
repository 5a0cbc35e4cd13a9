"""What is asked of new orders: the limits of traders, else of the market, else of the site; band and post-only period.

Contract   The same object again while nothing has changed, so that a batch costs no more for it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import orjson
from django.conf import settings

from common.money import PRICE_SCALE, QUANTITY_SCALE
from markets.selectors.trading_terms import OrderControls, TradingTerms
from trading.engine.state import NO_TERMS, Limits, OrderTerms

#: Ends a statement that has the users as its parameter; one row of JSON text, empty for nobody.
TRADER_LIMITS: Final = """
(SELECT json_agg(json_build_array(user_id, max_open_orders, max_order_lots, max_position_lots))
 FROM trading_traderlimit WHERE user_id = ANY (%s::bigint[]))::text
"""
#: ``ORDERS_OPEN_MAX``, ``ORDER_SIZE_MAX``, ``POSITION_MAX``, ``PRICE_BAND``
Defaults = tuple[int, int, int, float]


def site_defaults() -> Defaults:
    return settings.ORDERS_OPEN_MAX, settings.ORDER_SIZE_MAX, settings.POSITION_MAX, settings.PRICE_BAND


def order_terms(terms: TradingTerms, trader_limits: str | None) -> OrderTerms:
    """What counts at ``terms.now``; ``trader_limits`` as ``TRADER_LIMITS`` tells them."""
    controls = terms.controls
    is_post_only = _is_post_only(controls, terms.now)
    return _order_terms(site_defaults(), controls, trader_limits, is_post_only=is_post_only)


def _is_post_only(controls: OrderControls | None, now: datetime) -> bool:
    return controls is not None and controls.post_only_until is not None and now < controls.post_only_until


@lru_cache(10_000)
def _order_terms(
    defaults: Defaults, controls: OrderControls | None, trader_limits: str | None, *, is_post_only: bool
) -> OrderTerms:
    limits = _limits(defaults, controls)
    by_trader = {} if trader_limits is None else _by_trader(trader_limits, limits)
    band = _band(defaults, controls)
    found = OrderTerms(None if limits == Limits() else limits, by_trader, band, is_post_only)
    return NO_TERMS if found == NO_TERMS else found


def _limits(defaults: Defaults, controls: OrderControls | None) -> Limits:
    open_orders, size, position, _ = defaults
    own = (controls.max_open_orders, controls.max_order_lots, controls.max_position_lots) if controls else (None,) * 3
    site = (open_orders or None, size * QUANTITY_SCALE or None, position * QUANTITY_SCALE or None)
    return Limits(*_filled(own, site))


def _by_trader(text: str, others: Limits) -> dict[int, Limits]:
    rest = (others.open_orders, others.order_size, others.position)
    return {user_id: Limits(*_filled(own, rest)) for user_id, *own in orjson.loads(text)}


def _filled(own: Sequence[int | None], rest: Sequence[int | None]) -> list[int | None]:
    return [theirs if mine is None else mine for mine, theirs in zip(own, rest, strict=True)]


def _band(defaults: Defaults, controls: OrderControls | None) -> int | None:
    if controls is not None and controls.price_band is not None:
        return controls.price_band
    return round(defaults[3] * PRICE_SCALE) or None
