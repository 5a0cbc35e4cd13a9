"""Jobs of trading: each loads ids and calls one service, and may run twice."""

import logging
from collections.abc import Callable
from typing import Any, Final

from celery import shared_task
from django.db import DatabaseError
from django.utils.module_loading import import_string

from common import clock
from common.errors import DomainError
from markets.selectors.due_markets import markets_to_close, markets_to_confirm
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from trading.selectors.order_groups import tripped_groups_with_orders
from trading.selectors.orders import markets_with_ended_orders
from trading.selectors.unfinished import ended_markets_with_open_orders, unsettled_markets
from trading.services.cancel_all import cancel_all
from trading.services.cancel_group import cancel_group
from trading.services.expire_orders import expire_orders
from trading.services.heartbeat import sweep_silence
from trading.services.settle_market import settle_market

logger = logging.getLogger(__name__)
#: What one market of a sweep may run into without stopping the others; the next sweep tries again.
_PASSING: Final = (DomainError, DatabaseError)


@shared_task
def settle(market_id: int) -> None:
    settle_market(market_id=market_id)


@shared_task(acks_late=False, ignore_result=True)
def draw_share_image(market_id: int) -> None:
    """Loaded by the worker that draws: web processes load this module, too."""
    work: Callable[[int], None] = import_string("trading.services.draw_share_image.draw_share_image")
    work(market_id)


@shared_task
def cancel_open_orders(market_id: int) -> None:
    cancel_all(market_id)


@shared_task
def settle_unsettled() -> int:
    return _for_each(unsettled_markets(), lambda market_id: settle_market(market_id=market_id))


@shared_task
def cancel_left_orders() -> int:
    return _for_each(ended_markets_with_open_orders(), cancel_all)


@shared_task
def expire_due_orders() -> int:
    return _for_each(markets_with_ended_orders(clock.now()), expire_orders)


@shared_task
def cancel_for_silence() -> int:
    return sweep_silence()


@shared_task
def cancel_tripped_group(group_id: int) -> None:
    cancel_group(group_id)


@shared_task
def cancel_tripped_groups() -> int:
    return _for_each(tripped_groups_with_orders(), cancel_group, what="order group")


@shared_task
def close_due_markets() -> int:
    return _for_each(markets_to_close(), lambda market_id: close_market(market_id=market_id, actor_id=None))


@shared_task
def confirm_due_resolutions() -> int:
    return _for_each(markets_to_confirm(), lambda market_id: confirm_resolution(market_id=market_id, actor_id=None))


def _for_each(market_ids: list[int], work: Callable[[int], Any], *, what: str = "market") -> int:
    """How many markets were worked on without a refusal.

    Raises: ExceptionGroup with every mistake, once all other markets have had their turn
    """
    done, mistakes = 0, list[Exception]()
    for market_id in market_ids:
        try:
            work(market_id)
        except _PASSING as error:
            logger.warning("%s %s waits for the next sweep: %s", what, market_id, error, exc_info=error)
        except Exception as mistake:
            logger.exception("the sweep failed on %s %s", what, market_id)
            mistake.add_note(f"on {what} {market_id}")
            mistakes.append(mistake)
        else:
            done += 1
    if mistakes:
        raise ExceptionGroup(f"the sweep failed on {len(mistakes)} of {len(market_ids)} {what}s", mistakes)
    return done
