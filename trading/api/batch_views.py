"""Many orders in one request: place and cancel together, or cancel everything."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from common.api.access import TRADE, Bucket
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.errors import DomainError
from common.problems import problem_from_error
from trading.api import batch_operations
from trading.api.batch_forms import Item, commands_of, items_of
from trading.api.order_forms import ID_MAX, outcome_index
from trading.api.order_views import user_id_of
from trading.api.validity import check_valid
from trading.selectors.orders import markets_with_open_orders
from trading.services.answer import Answer
from trading.services.cancel_all import cancel_all
from trading.services.submit_batch import submit_batch
from trading.types import Side


class OrderBatchView(ApiView):
    access = TRADE

    @batch_operations.batch_orders
    def post(self, request: HttpRequest) -> HttpResponse:
        items = items_of(json_body(request))
        # The request itself is counted already, as the first order that is placed.
        cancels = sum(item.get("action") == "cancel" for item in items)
        self.count_more(request, cancels, Bucket.CANCEL)
        self.count_more(request, len(items) - cancels - 1)
        asked = commands_of(items, user_id_of(request))
        answers = iter(submit_batch([item for item in asked if not isinstance(item, DomainError)]))
        return json_response({"items": [_document(_answer_to(item, answers)) for item in asked]})


class CancelAllView(ApiView):
    access = TRADE
    buckets = {"POST": Bucket.CANCEL}

    @batch_operations.cancel_all_orders
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        market_id = fields.optional_integer("market_id", low=1, high=ID_MAX)
        outcome = fields.text("outcome", length_max=60)
        side = fields.text("side")
        valid_until = fields.moment("valid_until")
        if side and side not in set(Side):
            fields.refuse("side", "field.not_a_choice", f"Send one of: {', '.join(Side)}.")
        if outcome and market_id is None:
            fields.refuse("market_id", "field.required", "An outcome is one of a market; name the market too.")
        fields.finish()
        user_id = user_id_of(request)
        index = outcome_index(market_id, outcome, user_id) if market_id is not None and outcome else None
        markets = [market_id] if market_id is not None else markets_with_open_orders(user_id)
        cancelled = dict[int, int]()
        for key in markets:
            check_valid(valid_until)
            cancelled[key] = cancel_all(key, user_id=user_id, side=Side(side) if side else None, outcome=index)
        by_market = [{"market_id": key, "cancelled": count} for key, count in cancelled.items() if count]
        return json_response({"cancelled": sum(cancelled.values()), "markets": by_market})


def _answer_to(item: Item, answers: Any) -> Answer | DomainError:
    found: Answer | DomainError = item if isinstance(item, DomainError) else next(answers)
    return found


def _document(answer: Answer | DomainError) -> dict[str, Any]:
    if isinstance(answer, DomainError):
        return {"status": answer.status, "is_replay": False, "answer": problem_from_error(answer)}
    # The bytes that a single order would have got, so that a repetition is equal to the first answer here too.
    return {"status": answer.status, "is_replay": answer.is_replay, "answer": orjson.Fragment(answer.body)}
