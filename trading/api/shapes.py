"""What the OpenAPI document says of the answers about markets and portfolios.

The ignored assignments are fields whose names mean something else on a serializer; these never serialize.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from markets.types import EventKind, MarketKind, MarketStatus, ResolutionPolicy
from trading.api.field_texts import cash_text, choice, price_text, probability_text, quantity_text
from trading.api.scale_shapes import Distribution, NewScale, Scale
from trading.types import FillKind, OrderStatus, OrderType, SelfTradePolicy, Side, TimeInForce


class Topic(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class Outcome(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    price = probability_text(allow_null=True)
    price_24h_ago = probability_text(allow_null=True)


class Market(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    question = serializers.CharField()
    kind = choice(MarketKind)
    status = choice(MarketStatus)
    topic = Topic()
    tags = serializers.ListField(child=serializers.CharField())
    event_group = serializers.CharField(allow_blank=True)
    outcomes = Outcome(many=True)
    volume = cash_text("Credits of all fills.")
    volume_24h = cash_text("Credits of the fills of a day, renewed each minute.")
    trades = serializers.IntegerField()
    traders = serializers.IntegerField()
    last_trade_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    payouts = serializers.ListField(child=price_text(), allow_null=True, help_text="By outcome, once it is resolved.")
    seq = serializers.IntegerField(help_text="Number of the newest journal record.")


class Proposal(serializers.Serializer[Any]):
    payouts = serializers.ListField(child=price_text())
    value = serializers.CharField(allow_null=True, help_text="Of a numeric or date market, if it was proposed so.")
    reason = serializers.CharField(allow_blank=True)
    proposed_by = serializers.CharField(allow_null=True, help_text="Handle; null: the site itself.")
    proposed_at = serializers.DateTimeField(allow_null=True)
    challenge_ends_at = serializers.DateTimeField(allow_null=True)
    dispute_reason = serializers.CharField(allow_blank=True)


class NewAnswerSource(serializers.Serializer[Any]):
    """Where the site reads the answer once the market has closed; it becomes a proposal."""

    url = serializers.CharField(max_length=2000, help_text="HTTPS, answers JSON.")
    pointer = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="Such as /data/value.")
    rule = serializers.CharField(
        max_length=20_000,
        required=False,
        allow_blank=True,
        help_text="Binary: a comparison such as `>= 10`, true is yes; or lines `text: outcome`, as of a categorical "
        "market. Numeric and date: empty.",
    )
    delay_s = serializers.IntegerField(
        required=False, min_value=0, max_value=2_592_000, help_text="Seconds after the close."
    )


class AnswerSource(NewAnswerSource):
    evidence = serializers.CharField(allow_blank=True, help_text="The part of its answer that was read.")
    failure = serializers.CharField(allow_blank=True, help_text="Why the last attempt brought nothing.")


class MarketDetail(Market):
    description = serializers.CharField(allow_blank=True)
    rules = serializers.CharField()
    resolution_source = serializers.CharField(allow_blank=True)
    creator = serializers.CharField(help_text="Handle.")
    source = serializers.CharField(  # type: ignore[assignment]
        allow_blank=True, help_text="Where an imported market comes from."
    )
    liquidity = quantity_text("b of the maker rule in shares; 0: there is none.")
    maker_quantities = serializers.ListField(child=quantity_text(), help_text="Shares that the maker rule has sold.")
    taker_fee_bps = serializers.IntegerField()
    maker_fee_bps = serializers.IntegerField()
    tick_size = price_text()
    lot_size = quantity_text()
    closed_at = serializers.DateTimeField(allow_null=True)
    challenge_window_s = serializers.IntegerField()
    resolution_policy = choice(ResolutionPolicy, help_text="Who proposes the result.")
    answer_source = AnswerSource(allow_null=True, help_text="Of the policy `source`.")
    scale = Scale(allow_null=True, help_text="Of numeric and date markets.")
    distribution = Distribution(allow_null=True, help_text="What the prices of the buckets say of the value.")
    value = serializers.CharField(allow_null=True, help_text="At which a numeric or date market was resolved.")
    proposal = Proposal(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    post_only_until = serializers.DateTimeField(
        allow_null=True, help_text="After a halt orders only rest until then; they trade again if it has passed."
    )


class MarketPage(serializers.Serializer[Any]):
    items = Market(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewMarket(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=240)
    rules = serializers.CharField(help_text="What exactly decides the outcome, in plain words.")
    topic = serializers.CharField(help_text="Slug of the topic.")
    closes_at = serializers.DateTimeField()
    kind = choice(MarketKind, default=MarketKind.BINARY.value)
    outcomes = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Names; categorical only."
    )
    scale = NewScale(required=False, help_text="Buckets of a numeric or date market, which are its outcomes.")
    slug = serializers.CharField(required=False)
    description = serializers.CharField(required=False)
    resolution_source = serializers.CharField(required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    event_group = serializers.CharField(required=False)
    liquidity = quantity_text("b of the maker rule in shares; its loss is at most b ln(outcomes).", required=False)
    taker_fee_bps = serializers.IntegerField(required=False)
    maker_fee_bps = serializers.IntegerField(required=False)
    tick_size = price_text(required=False)
    lot_size = quantity_text(required=False)
    challenge_window_s = serializers.IntegerField(required=False)
    committee = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Handles of 3 to 25; with the policy `committee` only."
    )
    vote_window_s = serializers.IntegerField(
        required=False, help_text="How long the committee votes from the end of trading on: an hour to 30 days."
    )
    answer_source = NewAnswerSource(required=False, help_text="With the policy `source` only.")
    resolution_policy = choice(ResolutionPolicy, default=ResolutionPolicy.CREATOR.value)
    open = serializers.BooleanField(required=False, help_text="Fund the maker rule and open it at once.")


class OutcomeBook(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    bids = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="[price, quantity], best first."
    )
    asks = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="[price, quantity], best first."
    )


class Book(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="The book is exact at this number.")
    at = serializers.DateTimeField(required=False, help_text="When the record `seq` was written; with `at` only.")
    books = OutcomeBook(many=True)


class Trade(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    seq = serializers.IntegerField()
    kind = choice(FillKind)
    outcome = serializers.CharField(help_text='Of a binary market always "yes", which has the one book.')
    side = choice(Side, help_text="The taker's.")
    price = price_text()
    quantity = quantity_text()
    cost = cash_text()
    price_after = probability_text()
    taker = serializers.CharField(help_text="Handle.")
    maker = serializers.CharField(allow_null=True, help_text="Handle; null: the maker rule.")
    created_at = serializers.DateTimeField()


class TradePage(serializers.Serializer[Any]):
    items = Trade(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class Candle(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    open = probability_text()
    high = probability_text()
    low = probability_text()
    close = probability_text()
    volume = cash_text()
    trades = serializers.IntegerField()


class Candles(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    outcome = serializers.CharField()
    interval = serializers.ChoiceField(choices=["1m", "1h", "1d"])
    items = Candle(many=True, help_text="Oldest first; intervals without a trade are left out.")


class JournalRecord(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    kind = choice(EventKind)
    at = serializers.DateTimeField()
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="levels, trades and prices of a command; the facts of a lifecycle change."
    )


class Journal(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="The newest number of the market.")
    items = JournalRecord(many=True)


def valid_until_parameter() -> OpenApiParameter:
    return OpenApiParameter(
        "valid_until", OpenApiTypes.DATETIME, description="Refused when it is carried out later than this."
    )


class NewOrder(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    outcome = serializers.CharField(help_text="Slug: yes, no, or an outcome of a categorical market.")
    side = choice(Side)
    type = choice(OrderType, default=OrderType.LIMIT.value)
    price = price_text(required=False)
    trigger_price = serializers.CharField(
        required=False,
        help_text="With type stop or stop_limit: a buy waits for a trade at this price or above, a sell for one at it "
        "or below.",
    )
    quantity = quantity_text(required=False)
    max_cost = cash_text("Market buys only: spend at most this, fees included, instead of a quantity.", required=False)
    min_proceeds = cash_text(
        "Market sells only: as few shares as bring this, fees taken off; of `quantity` if given, else of your free "
        "shares at most. Refused if they don't bring it.",
        required=False,
    )
    time_in_force = choice(
        TimeInForce, required=False, help_text="gtc of a limit order, else ioc; gtd ends at expires_at."
    )
    post_only = serializers.BooleanField(required=False)
    reduce_only = serializers.BooleanField(
        required=False, help_text="Sells only: reserves no shares, and is cut whenever your free shares become fewer."
    )
    self_trade_policy = choice(SelfTradePolicy, required=False)
    valid_until = serializers.DateTimeField(required=False, help_text="Refused when it arrives later than this.")
    expires_at = serializers.DateTimeField(required=False, help_text="With gtd: what rests is cancelled then.")
    order_group_id = serializers.IntegerField(required=False, help_text="Your order group that counts its fills.")
    client_order_id = serializers.CharField(required=False, max_length=64, help_text="Makes a repetition safe.")
    dry_run = serializers.BooleanField(required=False, help_text="Tell the exact result, change nothing.")


class Cash(serializers.Serializer[Any]):
    cash = cash_text()
    held = cash_text("Reserved by open orders.")
    available = cash_text("cash - held.")


class PreviewedFill(serializers.Serializer[Any]):
    price = price_text()
    quantity = quantity_text()
    cost = cash_text()
    fee = cash_text()


class OrderFill(PreviewedFill):
    id = serializers.IntegerField()


class ListedOrder(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    market_id = serializers.IntegerField()
    outcome = serializers.CharField()
    side = choice(Side)
    type = choice(OrderType)
    time_in_force = choice(TimeInForce)
    price = price_text(allow_null=True)
    trigger_price = price_text(allow_null=True)
    quantity = quantity_text()
    max_cost = cash_text(allow_null=True)
    min_proceeds = cash_text(allow_null=True)
    post_only = serializers.BooleanField()
    reduce_only = serializers.BooleanField()
    self_trade_policy = choice(SelfTradePolicy)
    valid_until = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    client_order_id = serializers.CharField(allow_blank=True)
    linked_order_id = serializers.IntegerField(allow_null=True, help_text="The other order of a pair.")
    order_group_id = serializers.IntegerField(allow_null=True)
    status = choice(OrderStatus)
    filled = quantity_text()
    remaining = quantity_text()
    average_price = serializers.CharField(allow_null=True, help_text="Four to six decimal places.")
    cost = cash_text("Paid, or received by a sale, without the fee.")
    fee = cash_text()
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class OrderWithFills(ListedOrder):
    fills = OrderFill(many=True)


class PlacedOrder(OrderWithFills):
    account = Cash()


class PreviewedOrder(ListedOrder):
    """What the order would get now; it has no id."""

    id = serializers.IntegerField(allow_null=True)
    fills = PreviewedFill(many=True)
    account = Cash()
    prices = serializers.DictField(child=probability_text(), help_text="Of each outcome after the order.")


class OrderPage(serializers.Serializer[Any]):
    items = ListedOrder(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class SetsCommand(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["mint", "merge"])
    quantity = quantity_text("Shares of every outcome, for one credit each.")
    valid_until = serializers.DateTimeField(required=False, help_text="Refused when it is carried out later than this.")


class Sets(SetsCommand):
    valid_until = None  # type: ignore[assignment]
    market_id = serializers.IntegerField()
    cost = cash_text()
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    account = Cash()


class Fill(OrderFill):
    order_id = serializers.IntegerField()
    market_id = serializers.IntegerField()
    outcome = serializers.CharField()
    side = choice(Side)
    role = serializers.ChoiceField(choices=["maker", "taker"])
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class FillPage(serializers.Serializer[Any]):
    items = Fill(many=True)
    next_cursor = serializers.CharField(allow_null=True)
