"""Markets and what is public about each."""

from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from common.api.access import MARKET, PUBLIC, Caller
from common.api.errors import RequestInvalid
from common.api.fields import Fields, json_body
from common.api.views import ApiView
from common.clock import rfc3339
from common.paging import LIMIT_DEFAULT, LIMIT_MAX
from markets.errors import MarketNotFound
from markets.services.create_market import create_market
from markets.types import MarketSpec, MarketStatus
from trading.api import operations
from trading.api.caches import Rendered, book_answer, keep_list, kept_list, market_answer, market_id_for
from trading.api.documents import book_document, candle_document, card_document, page_document, trade_document
from trading.api.journal_documents import record_document
from trading.api.market_forms import market_from
from trading.api.search_limit import count_search
from trading.errors import OutcomeUnknown
from trading.models.candle import CandleInterval
from trading.selectors.book_history import book_at
from trading.selectors.candles import candles
from trading.selectors.journal import journal
from trading.selectors.market_cards import MarketFilter, MarketSort, market_cards
from trading.selectors.market_pulse import market_seq
from trading.selectors.outcomes import market_outcomes
from trading.selectors.trades import trades
from trading.services.answer_once import KEY_LENGTH_MAX, answer_once
from trading.services.open_market import open_market

DEPTH_DEFAULT: Final = 20
DEPTH_MAX: Final = 500
_ORDERS: Final = (MarketSort.NEWEST, MarketSort.CLOSING, MarketSort.VOLUME_24H, MarketSort.VOLUME)
_SORTS: Final = {
    "": MarketSort.NEWEST,
    "newest": MarketSort.NEWEST,
    "closing": MarketSort.CLOSING,
    **{sort.value: sort for sort in _ORDERS},
}
_LIST_HEADERS: Final = {"Cache-Control": "public, max-age=1"}


class MarketsView(ApiView):
    access_by_method = {"GET": PUBLIC, "POST": MARKET}

    @operations.list_markets
    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        body = kept_list(query)
        if body is None:
            count_search(request)
            body = _list_body(request)
            if body is None:
                return _own_list(request)
            keep_list(query, body)
        return HttpResponse(body, content_type="application/json", headers=_LIST_HEADERS)

    @operations.create_market
    def post(self, request: HttpRequest) -> HttpResponse:
        caller = _caller(request)
        assert caller is not None
        body, key = json_body(request), idempotency_key(request)
        spec, is_opened = market_from(body)
        if not key:
            return _created(_create(caller.user_id, spec, is_opened=is_opened), is_replay=False)
        canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        answer = answer_once(
            user_id=caller.user_id,
            key=key,
            request=b"POST /markets " + canonical,
            run=lambda: (201, _create(caller.user_id, spec, is_opened=is_opened)),
        )
        return _created(answer.body, is_replay=answer.is_replay)


class MarketView(ApiView):
    access = PUBLIC

    @operations.get_market
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        market_id = market_id_for(key)
        answer = None if market_id is None else market_answer(market_id)
        if answer is None or (answer.is_draft and not _may_see_draft(request, answer.creator_id)):
            raise _not_found(key)
        return _market_response(answer.rendered, request)


class MarketBookView(ApiView):
    access = PUBLIC

    @operations.get_book
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        depth = DEPTH_DEFAULT
        if request.META.get("QUERY_STRING"):
            fields = Fields.of_query(request)
            depth = fields.integer("depth", low=1, high=DEPTH_MAX, default=DEPTH_DEFAULT)
            at = seq_or_moment(fields, "at")
            fields.finish()
            if at is not None:
                return _past_book(request, key, at, depth)
        market_id = market_id_for(key)
        answer = None if market_id is None else book_answer(market_id, depth)
        if answer is None:
            raise _not_found(key)
        return _market_response(answer, request)


def _past_book(request: HttpRequest, key: str, at: int | datetime, depth: int) -> HttpResponse:
    market_id, _ = visible_market(request, key)
    past = book_at(market_id, at, depth=depth)
    assert past is not None, "it is visible"
    document = book_document(past.view) | {"at": rfc3339(past.at)}
    return _bound_response(document, past.view.seq, request)


class MarketTradesView(ApiView):
    access = PUBLIC

    @operations.list_trades
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        market_id, seq = visible_market(request, key)
        page = trades(market_id, limit=limit, cursor=cursor)
        return _bound_response(page_document(page, [trade_document(trade) for trade in page.items]), seq, request)


class MarketCandlesView(ApiView):
    access = PUBLIC

    @operations.list_candles
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields.of_query(request)
        interval = fields.choice("interval", CandleInterval, default=CandleInterval.HOUR)
        outcome = fields.text("outcome", length_max=60)
        after, before = fields.moment("after"), fields.moment("before")
        limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_MAX)
        fields.finish()
        market_id, seq = visible_market(request, key)
        market = market_outcomes(market_id)
        assert market is not None
        if outcome and outcome not in market.slugs:
            raise OutcomeUnknown(f"Choose one of: {', '.join(market.slugs)}.", field="/outcome")
        index = market.slugs.index(outcome) if outcome else 0
        found = candles(
            market_id,
            outcome=index,
            is_binary=market.is_binary,
            interval=interval.value,
            after=after,
            before=before,
            limit=limit,
        )
        facts = {"market_id": market_id, "outcome": market.slugs[index], "interval": interval.value}
        return _bound_response(facts | {"items": [candle_document(candle) for candle in found]}, seq, request)


class MarketJournalView(ApiView):
    access = PUBLIC

    @operations.list_journal
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields.of_query(request)
        after_seq = fields.integer("after_seq", low=0, high=2**63 - 1, default=0)
        limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT)
        fields.finish()
        market_id, seq = visible_market(request, key)
        market = market_outcomes(market_id)
        assert market is not None
        records = journal(market_id, after_seq=after_seq, limit=limit)
        items = [record_document(record, market.slugs) for record in records]
        return _bound_response({"market_id": market_id, "seq": seq, "items": items}, seq, request)


def idempotency_key(request: HttpRequest) -> str:
    """Raises: RequestInvalid"""
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_LENGTH_MAX or not key.isascii() or not (key.isprintable() or not key):
        detail = f"Send at most {KEY_LENGTH_MAX} printable ASCII characters as Idempotency-Key."
        raise RequestInvalid(detail, field="/Idempotency-Key")
    return key


def _create(user_id: int, spec: MarketSpec, *, is_opened: bool) -> str:
    with transaction.atomic():
        market = create_market(creator_id=user_id, spec=spec)
        if is_opened:
            open_market(market.pk, actor_id=user_id)
        answer = market_answer(market.pk)
        assert answer is not None
        return answer.rendered.body.decode()


def _created(body: str, *, is_replay: bool) -> HttpResponse:
    document = orjson.loads(body)
    response = HttpResponse(body.encode(), content_type="application/json", status=201)
    headers = response.headers
    headers["Cache-Control"] = "no-store"
    headers["Location"] = f"/api/v1/markets/{document['id']}"
    headers["X-Market-Seq"] = str(document["seq"])
    if is_replay:
        headers["Idempotent-Replay"] = "true"
    return response


def seq_or_moment(fields: Fields, name: str) -> int | datetime | None:
    """A number of the journal or an RFC 3339 time; one in milliseconds, as answers have them, means all of it."""
    text = str(fields.value(name) or "")
    if text.isdecimal():
        return fields.optional_integer(name, low=1, high=2**63 - 1)
    moment = fields.moment(name)
    return moment if moment is None or moment.microsecond % 1_000 else moment + timedelta(microseconds=999)


def page_fields(fields: Fields) -> tuple[int, str | None]:
    limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT)
    return limit, fields.text("cursor", length_max=500) or None


def _list_body(request: HttpRequest) -> bytes | None:
    """The list as bytes that everybody may share, or ``None`` when it asks for the caller's own markets."""
    fields = Fields.of_query(request)
    if fields.one_of("creator", ("me",)):
        return None
    return _rendered_list(fields, None)


def _own_list(request: HttpRequest) -> HttpResponse:
    fields = Fields.of_query(request)
    fields.one_of("creator", ("me",))
    caller = _caller(request)
    return HttpResponse(
        _rendered_list(fields, caller.user_id if caller else -1),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _rendered_list(fields: Fields, creator_id: int | None) -> bytes:
    limit, cursor = page_fields(fields)
    status = fields.one_of("status", [status.value for status in MarketStatus])
    sort = _SORTS[fields.one_of("sort", [name for name in _SORTS if name])]
    wanted = MarketFilter(
        q=fields.text("q", length_max=100),
        topic=fields.text("topic", length_max=60),
        status=status,
        tag=fields.text("tag", length_max=40),
        event_group=fields.text("event_group", length_max=80),
        series=fields.text("series", length_max=60),
        creator_id=creator_id,
        created_after=fields.moment("created_after"),
        closes_before=fields.moment("closes_before"),
    )
    fields.finish()
    page = market_cards(wanted, sort=sort, limit=limit, cursor=cursor)
    return orjson.dumps(page_document(page, [card_document(card) for card in page.items]))


def _caller(request: HttpRequest) -> Caller | None:
    found: Caller | None = request.api_caller  # type: ignore[attr-defined]
    return found


def _not_found(key: str) -> MarketNotFound:
    return MarketNotFound(f"There is no market {key[:120]}.")


def _may_see_draft(request: HttpRequest, creator_id: int) -> bool:
    caller = _caller(request)
    return caller is not None and (caller.user_id == creator_id or caller.user.is_staff)


def visible_market(request: HttpRequest, key: str) -> tuple[int, int]:
    """Id and ``seq`` of a market that the caller may see.

    Raises: MarketNotFound
    """
    market_id = market_id_for(key)
    market = None if market_id is None else market_outcomes(market_id)
    if market_id is None or market is None:
        raise _not_found(key)
    if market.is_draft and not _may_see_draft(request, market.creator_id):
        raise _not_found(key)
    return market_id, market_seq(market_id) or 0


def _market_response(answer: Rendered, request: HttpRequest) -> HttpResponse:
    if request.META.get("HTTP_IF_NONE_MATCH") == answer.etag:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(answer.body, content_type="application/json")
    headers = response.headers
    headers["ETag"] = answer.etag
    headers["X-Market-Seq"] = str(answer.seq)
    headers["Cache-Control"] = "no-cache"
    return response


def _bound_response(document: dict[str, Any], seq: int, request: HttpRequest) -> HttpResponse:
    return _market_response(Rendered(seq, f'"{seq}"', orjson.dumps(document)), request)
