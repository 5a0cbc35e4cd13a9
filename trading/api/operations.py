"""The OpenAPI text of each operation, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from common.api import job_operations
from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, page_parameters, path, problems, query, whole
from markets.types import MarketStatus
from trading.api import lifecycle_shapes, portfolio_shapes, shapes
from trading.types import OrderStatus

_MARKETS: Final = ["markets"]
_ORDERS: Final = ["orders"]
_PORTFOLIO: Final = ["portfolio"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-in-lisbon")
_ORDER_ID: Final = path("order_id", "Id of the order.", "4512", OpenApiTypes.INT)
_MARKET_ID: Final = whole("market_id", "Only this market.")

_IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)


def _request(name: str, value: dict[str, Any], summary: str = "") -> OpenApiExample:
    return OpenApiExample(name, value, summary=summary or name, request_only=True)


list_markets = extend_schema(
    operation_id="listMarkets",
    tags=_MARKETS,
    summary="List markets",
    description="Markets with their current prices, newest first unless sorted. The page may be a second old.",
    auth=PUBLIC_AUTH,
    parameters=[
        query("q", "Words to find in question, topic and tags; small typos are forgiven."),
        query("topic", "Slug of the topic."),
        query("status", "One status.", enum=[status.value for status in MarketStatus]),
        query("tag", "One tag."),
        query("event_group", "Markets of one event."),
        query("series", "Slug of a series: markets of its events."),
        query("created_after", "Made after that moment.", OpenApiTypes.DATETIME),
        query("closes_before", "Closing before that moment.", OpenApiTypes.DATETIME),
        query("creator", "me: your own, drafts included.", enum=["me"]),
        query("sort", "Order.", enum=["newest", "closing", "-created_at", "closes_at", "-volume_24h", "-volume"]),
        *page_parameters(),
    ],
    responses={200: shapes.MarketPage, **problems(400)},
)
create_market = extend_schema(
    operation_id="createMarket",
    tags=_MARKETS,
    summary="Create a market",
    description="A draft, or an open market with `open`. Needs the scope `market` and the role of a market maker. "
    "With an `Idempotency-Key` a repetition answers the first market again, byte for byte, with "
    "`Idempotent-Replay: true`.",
    auth=KEY_AUTH,
    parameters=[_IDEMPOTENCY_KEY],
    request=shapes.NewMarket,
    responses={201: shapes.MarketDetail, **problems(400, 401, 403, 409, 415)},
    examples=[
        _request(
            "binary",
            {
                "question": "Will the first crewed landing on the Moon since 1972 happen before 2029?",
                "rules": "Yes if a crew lands on the Moon and NASA or another space agency confirms it before 2029.",
                "topic": "science",
                "closes_at": "2028-12-31T23:59:59Z",
                "tags": ["space"],
                "liquidity": "500",
                "open": True,
            },
        ),
        _request(
            "categorical",
            {
                "question": "Which planet's next probe launches first?",
                "rules": "The planet of the first mission to leave Earth orbit.",
                "topic": "science",
                "closes_at": "2030-06-30T00:00:00Z",
                "kind": "categorical",
                "outcomes": ["Venus", "Mars", "Jupiter"],
            },
        ),
        _request(
            "numeric",
            {
                "question": "How much rain will fall in Lisbon in March 2030?",
                "rules": "The monthly sum that the weather service reports.",
                "topic": "science",
                "closes_at": "2030-03-31T23:59:59Z",
                "kind": "numeric",
                "scale": {"lower": "0", "upper": "200", "buckets": 8, "unit": "mm", "above": True},
                "liquidity": "100",
            },
        ),
        _request(
            "date",
            {
                "question": "When will the next crew land on the Moon?",
                "rules": "The day on which the landing is confirmed.",
                "topic": "science",
                "closes_at": "2029-12-31T23:59:59Z",
                "kind": "date",
                "scale": {"bounds": ["2028-01-01", "2028-07-01", "2029-01-01", "2030-01-01"], "above": True},
            },
        ),
    ],
)
get_market = extend_schema(
    operation_id="getMarket",
    tags=_MARKETS,
    summary="Read a market",
    description="Send the `ETag` of the last answer as `If-None-Match` to get 304 while nothing has changed.",
    auth=PUBLIC_AUTH,
    parameters=[_KEY],
    responses={200: shapes.MarketDetail, **problems(404)},
)
get_book = extend_schema(
    operation_id="getBook",
    tags=_MARKETS,
    summary="Read the order book",
    description="Resting orders summed by price. A binary market has one book; `no` shows it from the other side. "
    "What the maker rule offers beyond them follows from `liquidity` and `maker_quantities` of the market. "
    "With `at` it is the book as it was: right after that record of the journal, or after the last one of that time or "
    "earlier; of any moment since the market was made.",
    auth=PUBLIC_AUTH,
    parameters=[
        _KEY,
        whole("depth", "Levels a side, 1 to 500.", high=500, default=20),
        query("at", "A `seq`, or an RFC 3339 time. The newest book unless given."),
    ],
    responses={200: shapes.Book, **problems(400, 404, 410, 422)},
)
list_trades = extend_schema(
    operation_id="listTrades",
    tags=_MARKETS,
    summary="List trades",
    description="Newest first.",
    auth=PUBLIC_AUTH,
    parameters=[_KEY, *page_parameters()],
    responses={200: shapes.TradePage, **problems(400, 404)},
)
list_candles = extend_schema(
    operation_id="listCandles",
    tags=_MARKETS,
    summary="Read price history",
    description="The newest candles of a range, oldest first.",
    auth=PUBLIC_AUTH,
    parameters=[
        _KEY,
        query("interval", "Length of a candle.", enum=["1m", "1h", "1d"], default="1h"),
        query("outcome", "Slug; the first outcome unless given."),
        query("after", "Candles that start then or later.", OpenApiTypes.DATETIME),
        query("before", "Candles that start earlier.", OpenApiTypes.DATETIME),
        whole("limit", "1 to 1,000.", high=1000, default=1000),
    ],
    responses={200: shapes.Candles, **problems(404)},
)
list_journal = extend_schema(
    operation_id="listJournal",
    tags=_MARKETS,
    summary="Read the journal",
    description="Every change of the market, numbered without gaps; the stream sends the same numbers.",
    auth=PUBLIC_AUTH,
    parameters=[
        _KEY,
        whole("after_seq", "Records after this number.", low=0, default=0),
        whole("limit", "1 to 1,000.", high=1000, default=100),
    ],
    responses={200: shapes.Journal, **problems(404)},
)
change_sets = extend_schema(
    operation_id="changeSets",
    tags=_ORDERS,
    summary="Mint or merge complete sets",
    description="One share of every outcome is worth exactly one credit, so sets are made and dissolved at that price. "
    "With an `Idempotency-Key` a repetition gets the first answer. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KEY, _IDEMPOTENCY_KEY],
    request=shapes.SetsCommand,
    responses={201: shapes.Sets, **problems(400, 401, 403, 404, 409, 415)},
    examples=[
        _request("mint", {"action": "mint", "quantity": "25"}),
        _request("merge", {"action": "merge", "quantity": "2.5"}),
    ],
)
open_market = extend_schema(
    operation_id="openMarket",
    tags=_MARKETS,
    summary="Open a draft",
    description="Funds the maker rule and lets everybody trade. For the creator and for operators. Needs the scope "
    "`market`. Send an empty object.",
    auth=KEY_AUTH,
    parameters=[path("key", "Id or slug of the market.", "sun-in-porto")],
    request={"application/json": {"type": "object", "maxProperties": 0}},
    responses={200: shapes.MarketDetail, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("open", {})],
)
propose_resolution = extend_schema(
    operation_id="proposeResolution",
    tags=_MARKETS,
    summary="Propose how a market ends",
    description="For the creator and for operators, once the market is closed. Everybody may dispute it until "
    "`challenge_ends_at`; then it is final. Needs the scope `market`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=lifecycle_shapes.NewProposal,
    responses={200: shapes.MarketDetail, **problems(400, 401, 403, 404, 409, 415)},
    examples=[
        _request("yes", {"payouts": {"yes": "1"}, "reason": "The weather service reports 4 mm of rain."}),
        _request("in part", {"payouts": ["0.3", "0.7"], "reason": "It rained in three of ten districts."}),
    ],
)
close_own_market = extend_schema(
    operation_id="closeOwnMarket",
    tags=_MARKETS,
    summary="Close your market early",
    description="For the creator of an open market and for operators: trading ends for good, and open orders are "
    "cancelled. The reason is public, in the journal. A market that staff have halted is theirs to close. Needs the "
    "scope `market`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=lifecycle_shapes.Reason,
    responses={200: shapes.MarketDetail, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("known", {"reason": "The answer is known already: the bridge was opened this morning."})],
)
dispute_resolution = extend_schema(
    operation_id="disputeResolution",
    tags=_MARKETS,
    summary="Dispute a proposed result",
    description="For every trader, until `challenge_ends_at` of the proposal; then an operator decides. Needs the "
    "scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=lifecycle_shapes.Reason,
    responses={200: shapes.MarketDetail, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("dispute", {"reason": "The report is of another day."})],
)
operate_market = extend_schema(
    operation_id="operateMarket",
    tags=_MARKETS,
    summary="Halt, resume, close, confirm or void a market",
    description="For operators. Needs the scope `operate`. A proposal is confirmed after its challenge window without "
    "anybody's help; a disputed one waits for `confirm`. Voiding a market that was open, and another result of a "
    "disputed one than was proposed, need two operators: see `requestOverride`.",
    auth=KEY_AUTH,
    parameters=[_KEY, path("action", "halt, resume, close, confirm or void.", "halt")],
    request=lifecycle_shapes.OperatorAction,
    responses={200: shapes.MarketDetail, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("halt", {"reason": "The source of the answer is down."})],
)
list_orders = extend_schema(
    operation_id="listOrders",
    tags=_ORDERS,
    summary="List your orders",
    description="Newest first. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[
        _MARKET_ID,
        query("status", "One status.", enum=[status.value for status in OrderStatus]),
        query("client_order_id", "The order with this id of yours."),
        *page_parameters(),
    ],
    responses={200: shapes.OrderPage, **problems(400, 401, 403)},
)
place_order = extend_schema(
    operation_id="placeOrder",
    tags=_ORDERS,
    summary="Place an order",
    description="Matches at once against the better of the book and the maker rule, step by step; what is left of a "
    "limit order rests. Needs the scope `trade`.\n\nThe same `client_order_id` with the same order answers the first "
    "answer again, byte for byte, with `Idempotent-Replay: true`, for ever; with another order it is refused. "
    "A refusal changes nothing and counts as an answer too.",
    auth=KEY_AUTH,
    request=shapes.NewOrder,
    responses={201: shapes.PlacedOrder, 200: shapes.PreviewedOrder, **problems(400, 401, 403, 404, 409, 415)},
    examples=[
        _request(
            "limit",
            {
                "market_id": 7,
                "outcome": "yes",
                "side": "buy",
                "type": "limit",
                "price": "0.62",
                "quantity": "10",
                "time_in_force": "gtc",
                "post_only": False,
                "client_order_id": "c-81",
            },
        ),
        _request(
            "stop",
            {
                "market_id": 7,
                "outcome": "yes",
                "side": "buy",
                "type": "stop_limit",
                "trigger_price": "0.70",
                "price": "0.75",
                "quantity": "4",
            },
        ),
        _request("market", {"market_id": 7, "outcome": "no", "side": "buy", "type": "market", "max_cost": "30.5"}),
        _request(
            "dry run",
            {"market_id": 7, "outcome": "yes", "side": "buy", "type": "market", "quantity": "3", "dry_run": True},
        ),
    ],
)
get_order = extend_schema(
    operation_id="getOrder",
    tags=_ORDERS,
    summary="Read an order of yours",
    description="With its fills. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_ORDER_ID],
    responses={200: shapes.OrderWithFills, **problems(401, 403, 404)},
)
cancel_order = extend_schema(
    operation_id="cancelOrder",
    tags=_ORDERS,
    summary="Cancel an order of yours",
    description="What it held is free at once. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_ORDER_ID, shapes.valid_until_parameter()],
    responses={200: shapes.PlacedOrder, **problems(401, 403, 404, 409)},
)
list_fills = extend_schema(
    operation_id="listFills",
    tags=_PORTFOLIO,
    summary="List your fills",
    description="As taker and as maker, newest first. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_MARKET_ID, *page_parameters()],
    responses={200: shapes.FillPage, **problems(400, 401, 403)},
)
list_positions = extend_schema(
    operation_id="listPositions",
    tags=_PORTFOLIO,
    summary="List your positions",
    description="At current prices, newest market first, at most 1,000. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_MARKET_ID],
    responses={200: portfolio_shapes.PositionPage, **problems(401, 403)},
)
get_account = extend_schema(
    operation_id="getAccount",
    tags=_PORTFOLIO,
    summary="Read your cash",
    description="Needs the scope `read`.",
    auth=KEY_AUTH,
    responses={200: portfolio_shapes.Account, **problems(401, 403)},
)
list_ledger = extend_schema(
    operation_id="listLedger",
    tags=_PORTFOLIO,
    summary="List your ledger",
    description="Every credit that came in or went out, newest first. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=page_parameters(),
    responses={200: portfolio_shapes.LedgerPage, **problems(400, 401, 403)},
)
export_ledger = extend_schema(
    operation_id="exportLedger",
    tags=_PORTFOLIO,
    summary="Export your ledger as CSV",
    description="Starts a background job that writes every line, oldest first; follow it with "
    "`GET /api/v1/jobs/{id}` and download its file. The same `Idempotency-Key` answers the same job. Needs the scope "
    "`read`.",
    auth=KEY_AUTH,
    parameters=[_IDEMPOTENCY_KEY],
    request=job_operations.Export,
    responses={202: job_operations.Job, **problems(400, 401, 403, 415)},
    examples=[_request("export", {"format": "csv"})],
)
