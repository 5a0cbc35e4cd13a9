"""Pairs of orders, order groups, and the heartbeat."""

from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from common.api.access import READ, TRADE, Bucket
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.clock import rfc3339
from common.money import format_quantity
from trading.api import tied_operations
from trading.api.answers import answer_response
from trading.api.documents import Document, moment
from trading.api.market_views import idempotency_key
from trading.api.order_forms import ID_MAX, quantity_lots
from trading.api.order_views import user_id_of
from trading.api.pair_forms import pair_from
from trading.api.validity import check_valid
from trading.errors import GroupNotFound
from trading.models import Heartbeat
from trading.selectors.order_groups import GroupView, access_group, order_groups
from trading.selectors.silence import heartbeat_of
from trading.services.answer import Answer
from trading.services.answer_once import answer_once
from trading.services.heartbeat import TIMEOUT_MAX_S, TIMEOUT_MIN_S, beat, stop_heartbeat
from trading.services.order_groups import WINDOW_MAX_S, create_group, delete_group, reset_group, trip_group
from trading.services.submit import submit

_ACTIONS: Final = {"trip": trip_group, "reset": reset_group}


class PairView(ApiView):
    access = TRADE

    @tied_operations.place_pair
    def post(self, request: HttpRequest) -> HttpResponse:
        key = idempotency_key(request)
        market_id, command = pair_from(json_body(request), user_id_of(request), key=key)
        # Two orders.
        self.count_more(request, 1)
        return answer_response(submit(command, market_id=market_id), is_created=False)


class OrderGroupsView(ApiView):
    access_by_method = {"GET": READ, "POST": TRADE}

    @tied_operations.list_groups
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response({"items": [_group_document(group) for group in order_groups(user_id_of(request))]})

    @tied_operations.create_group
    def post(self, request: HttpRequest) -> HttpResponse:
        body, user_id, key = json_body(request), user_id_of(request), idempotency_key(request)
        fields = Fields(body)
        limit = fields.decimal("limit", is_required=True)
        window_s = fields.integer("window_s", low=1, high=WINDOW_MAX_S)
        valid_until = fields.moment("valid_until")
        fields.finish()
        lots = quantity_lots(limit or "", field="/limit")

        def run() -> tuple[int, str]:
            check_valid(valid_until)
            group_id = create_group(user_id=user_id, limit_lots=lots, window_s=window_s)
            return 201, orjson.dumps(_own_group(user_id, group_id)).decode()

        if key:
            request_text = f"POST /order-groups {lots} {window_s}".encode()
            answer = answer_once(user_id=user_id, key=key, request=request_text, run=run)
        else:
            answer = Answer(*run())
        return answer_response(answer, is_created=False)


class OrderGroupView(ApiView):
    access_by_method = {"GET": READ, "DELETE": TRADE}
    buckets = {"DELETE": Bucket.CANCEL}

    @tied_operations.get_group
    def get(self, request: HttpRequest, group_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(_own_group(user_id_of(request), _number(group_id)))

    @tied_operations.delete_group
    def delete(self, request: HttpRequest, group_id: str) -> HttpResponse:
        _check_query(request)
        cancelled = delete_group(user_id=user_id_of(request), group_id=_number(group_id))
        return json_response({"id": int(group_id), "cancelled": cancelled})


class OrderGroupActionView(ApiView):
    access = TRADE
    buckets = {"POST": Bucket.CANCEL}

    @tied_operations.change_group
    def post(self, request: HttpRequest, group_id: str, action: str) -> HttpResponse:
        fields = Fields(json_body(request))
        valid_until = fields.moment("valid_until")
        fields.finish()
        check_valid(valid_until)
        _ACTIONS[action](user_id=user_id_of(request), group_id=_number(group_id))
        return json_response(_own_group(user_id_of(request), int(group_id)))


class HeartbeatView(ApiView):
    access_by_method = {"GET": READ, "POST": TRADE, "DELETE": TRADE}
    buckets = {"POST": Bucket.CANCEL, "DELETE": Bucket.CANCEL}

    @tied_operations.get_heartbeat
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(_beat_document(heartbeat_of(user_id_of(request))))

    @tied_operations.send_heartbeat
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        timeout_s = fields.integer("timeout_s", low=TIMEOUT_MIN_S, high=TIMEOUT_MAX_S)
        valid_until = fields.moment("valid_until")
        fields.finish()
        check_valid(valid_until)
        return json_response(_beat_document(beat(user_id=user_id_of(request), timeout_s=timeout_s)))

    @tied_operations.stop_heartbeat
    def delete(self, request: HttpRequest) -> HttpResponse:
        _check_query(request)
        stop_heartbeat(user_id=user_id_of(request))
        return json_response(_beat_document(heartbeat_of(user_id_of(request))))


def _check_query(request: HttpRequest) -> None:
    fields = Fields.of_query(request)
    valid_until = fields.moment("valid_until")
    fields.finish()
    check_valid(valid_until)


def _number(group_id: str) -> int:
    """Raises: GroupNotFound"""
    if int(group_id) > ID_MAX:
        raise GroupNotFound(f"You have no order group {group_id}.")
    return int(group_id)


def _own_group(user_id: int, group_id: int) -> Document:
    group = access_group(user_id, group_id)
    if group is None:
        raise GroupNotFound(f"You have no order group {group_id}.")
    return _group_document(group)


def _group_document(group: GroupView) -> Document:
    by: Any = None if group.tripped_at is None else "hand" if group.is_by_hand else "fills"
    return {
        "id": group.id,
        "limit": format_quantity(group.limit),
        "window_s": group.window_s,
        "filled": format_quantity(group.filled),
        "left": format_quantity(group.left),
        "open_orders": group.open_orders,
        "status": "on" if group.tripped_at is None else "tripped",
        "tripped_at": moment(group.tripped_at),
        "tripped_by": by,
        "created_at": rfc3339(group.created_at),
    }


def _beat_document(heartbeat: Heartbeat | None) -> Document:
    if heartbeat is None:
        never = dict.fromkeys(("timeout_s", "beat_at", "due_at", "silent_at"))
        return {"is_on": False, **never, "cancelled": 0}
    return {
        "is_on": heartbeat.due_at is not None,
        "timeout_s": heartbeat.timeout_s,
        "beat_at": rfc3339(heartbeat.beat_at),
        "due_at": moment(heartbeat.due_at),
        "silent_at": moment(heartbeat.silent_at),
        "cancelled": heartbeat.cancelled,
    }
