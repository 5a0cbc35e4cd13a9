"""A trader's orders: place, look up, cancel; and complete sets."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.api.access import READ, TRADE, Bucket
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.money import format_price, format_quantity
from markets.errors import MarketNotFound
from trading.api import amend_operations, operations
from trading.api.amend_forms import terms_from
from trading.api.answers import answer_response as _answer_response
from trading.api.caches import market_id_for
from trading.api.documents import fill_document, order_document, page_document
from trading.api.market_views import idempotency_key, page_fields
from trading.api.order_forms import CLIENT_ORDER_ID_MAX, ID_MAX, order_from, quantity_lots
from trading.errors import OrderNotFound
from trading.selectors.fills import fills_of_order
from trading.selectors.orders import OrderRow, access_order, orders
from trading.selectors.outcomes import market_outcomes
from trading.services.amend_order import amend_order
from trading.services.merge_sets import merge_sets
from trading.services.mint_sets import mint_sets
from trading.services.preview_order import preview_order
from trading.services.queue_position import QueuePosition, queue_position
from trading.services.submit import submit
from trading.types import CancelOrder, OrderStatus

_STATUSES: Final = [status.value for status in OrderStatus]


class OrdersView(ApiView):
    access_by_method = {"GET": READ, "POST": TRADE}

    @operations.list_orders
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        market_id = fields.optional_integer("market_id", low=1, high=ID_MAX)
        client_order_id = fields.text("client_order_id", length_max=CLIENT_ORDER_ID_MAX)
        status = fields.one_of("status", _STATUSES)
        fields.finish()
        page = orders(
            user_id_of(request),
            market_id=market_id,
            status=status,
            client_order_id=client_order_id,
            limit=limit,
            cursor=cursor,
        )
        return json_response(page_document(page, [order_document(order) for order in page.items]))

    @operations.place_order
    def post(self, request: HttpRequest) -> HttpResponse:
        command, is_dry_run = order_from(json_body(request), user_id_of(request))
        if is_dry_run:
            return _answer_response(preview_order(command), is_created=False)
        return _answer_response(submit(command), is_created=True)


class OrderView(ApiView):
    buckets = {"DELETE": Bucket.CANCEL}
    access_by_method = {"GET": READ, "PATCH": TRADE, "DELETE": TRADE}

    @operations.get_order
    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        order = _own_order(request, order_id)
        fills = [fill_document(fill) for fill in fills_of_order(user_id_of(request), order.id)]
        return json_response(order_document(order) | {"fills": fills})

    @amend_operations.amend_order
    def patch(self, request: HttpRequest, order_id: str) -> HttpResponse:
        terms, key = terms_from(json_body(request)), idempotency_key(request)
        order = _own_order(request, order_id)
        answer = amend_order(
            user_id=user_id_of(request),
            market_id=order.market_id,
            order_id=order.id,
            price=terms.price,
            quantity=terms.quantity,
            decrease=terms.decrease,
            key=key,
            valid_until=terms.valid_until,
        )
        return _answer_response(answer, is_created=False)

    @operations.cancel_order
    def delete(self, request: HttpRequest, order_id: str) -> HttpResponse:
        fields = Fields.of_query(request)
        valid_until = fields.moment("valid_until")
        fields.finish()
        order = _own_order(request, order_id)
        answer = submit(CancelOrder(user_id_of(request), order.id, valid_until), market_id=order.market_id)
        return _answer_response(answer, is_created=False)


class OrderQueueView(ApiView):
    access = READ

    @amend_operations.order_queue
    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        order = _own_order(request, order_id)
        position = None
        if order.is_open and not order.waits:
            position = queue_position(market_id=order.market_id, user_id=user_id_of(request), order_id=order.id)
        return json_response(queue_document(order, position))


class MarketSetsView(ApiView):
    access = TRADE

    @operations.change_sets
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        action = fields.text("action", is_required=True)
        if action not in ("mint", "merge"):
            fields.refuse("action", "field.not_a_choice", "Send one of: mint, merge.")
        quantity = fields.decimal("quantity", is_required=True)
        valid_until = fields.moment("valid_until")
        fields.finish()
        market_id, name = market_id_for(key), idempotency_key(request)
        if market_id is None or market_outcomes(market_id) is None:
            raise MarketNotFound(f"There is no market {key[:120]}.")
        change = mint_sets if action == "mint" else merge_sets
        lots = quantity_lots(quantity or "")
        answer = change(
            user_id=user_id_of(request), market_id=market_id, quantity=lots, key=name, valid_until=valid_until
        )
        return _answer_response(answer, is_created=False)


def queue_document(order: OrderRow, position: QueuePosition | None) -> dict[str, Any]:
    """Nulls for an order that isn't in the book any more."""
    return {
        "order_id": order.id,
        "market_id": order.market_id,
        "price": None if order.price is None else format_price(order.price),
        "orders_ahead": None if position is None else position.orders_ahead,
        "quantity_ahead": None if position is None else format_quantity(position.lots_ahead),
        "seq": None if position is None else position.seq,
    }


def user_id_of(request: HttpRequest) -> int:
    user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return user_id


def _own_order(request: HttpRequest, order_id: str) -> OrderRow:
    order = access_order(user_id_of(request), int(order_id)) if int(order_id) <= ID_MAX else None
    if order is None:
        raise OrderNotFound(f"There is no order {order_id} of yours.")
    return order
