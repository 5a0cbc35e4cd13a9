"""What the OpenAPI document says of metrics and insights. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers


def _cash(text: str = "Credits.", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _count(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


class Tone(serializers.Serializer[Any]):
    value = _number("-1 (hostile) to 1 (friendly), drawn to 0 when few texts are known.")
    texts = _count("Of the last seven days.")


class Accuracy(serializers.Serializer[Any]):
    value = _number("1 - mean (price - answer)^2 of answered outcomes of the same source.", allow_null=True)
    answered = _count("How many outcomes that is from.")


class MarketMetrics(serializers.Serializer[Any]):
    market_id = _count()
    slug = serializers.CharField()
    at = serializers.DateTimeField()
    outcome = serializers.CharField(help_text="What prices are about: yes, or the likeliest outcome.")
    price = _cash("Six decimal places.", allow_null=True)
    price_change_24h = _cash("With its sign.", allow_null=True)
    volume = _cash()
    volume_24h = _cash()
    volume_trend = _number("-1 (trading ended) to 1 (it began now); 0: as ever.", allow_null=True)
    participants = _count("Everybody who traded.")
    active_traders_24h = _count()
    volatility = _number("Log-odds per square root of a day.", allow_null=True)
    momentum = _number("Log-odds above their mean of some days.", allow_null=True)
    liquidity_score = _number("0 to 1.", allow_null=True)
    social_activity_24h = _count("Comments, 1,000 at most.")
    news_mentions_24h = _count("Articles about it, 1,000 at most.")
    news_mentions_7d = _count()
    social_sentiment = Tone()
    news_sentiment = Tone()
    historical_accuracy = Accuracy()
    brier = _number("Squared error of the last price, once it is resolved.", allow_null=True)


class TopicFigures(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    trades = _count()
    volume = _cash()


class TraderRisk(serializers.Serializer[Any]):
    level = serializers.CharField(help_text="low, medium (above 20 % at stake) or high (above 50 %).")
    at_stake = _number("Share of cash and positions that open positions can lose.")
    profit_spread = _number("Standard deviation of the profit of a market, in credits.", allow_null=True)


class TraderMetrics(serializers.Serializer[Any]):
    user_id = _count()
    handle = serializers.CharField()
    at = serializers.DateTimeField()
    trades = _count("Fills, as taker or maker; half a minute old at most.")
    markets = _count()
    settled_markets = _count("Resolved and paid out.")
    won_markets = _count("With a profit.")
    success_rate = _number("won / settled.", allow_null=True)
    success_rate_interval = serializers.ListField(child=_number(), allow_null=True, help_text="Wilson, 95 %.")
    volume = _cash()
    mean_size = _cash("A trade.", allow_null=True)
    profit = _cash("Settled and open.")
    profit_settled = _cash()
    profit_open = _cash("Value less cost of what isn't paid out, in markets where they traded.")
    risk = TraderRisk()
    trades_per_day = _number("Since the first trade.")
    preferred_topics = TopicFigures(many=True, help_text="By volume, five at most.")
    last_trade_at = serializers.DateTimeField(allow_null=True)


class SiteMetrics(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="Ten seconds old at most.")
    total_users = _count("Accounts that aren't suspended.")
    active_users_24h = _count("Who traded.")
    markets = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each status.")
    total_volume = _cash()
    total_trades = _count()
    volume_24h = _cash()
    trades_24h = _count()
    measurements = serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text="Latency, errors and resources; null: not measured."
    )


class MarketInsight(serializers.Serializer[Any]):
    kind = serializers.CharField()
    sentence = serializers.CharField()
    evidence = serializers.DictField()
    test = serializers.CharField(help_text="How it was tested.")
    statistic = _number()
    significance = _number("Chance of as much if nothing is going on, held for all questions asked.")
    link = serializers.CharField(help_text="The page that shows it.")


class MarketInsights(serializers.Serializer[Any]):
    market_id = _count()
    at = serializers.DateTimeField()
    outcome = serializers.CharField()
    asked = _count("Questions that there was enough data for.")
    insights = MarketInsight(many=True, help_text="What stands out at 5 %, surest first.")


class PortfolioConcentration(serializers.Serializer[Any]):
    index = _number("Herfindahl: 1 is all in one market.")
    effective_markets = _number("1 / index.")
    largest_share = _number()
    largest_market_id = _count()


class HoldingPair(serializers.Serializer[Any]):
    market_ids = serializers.ListField(child=serializers.IntegerField())
    outcomes = serializers.ListField(child=serializers.CharField())
    correlation = _number("Of the daily moves of the log-odds.")
    days = _count()
    chance = _number("Of as much if they are independent, before many pairs are allowed for.")


class HoldingEdge(serializers.Serializer[Any]):
    market_id = _count()
    outcome = serializers.CharField()
    price = serializers.CharField()
    estimate = _number()
    low = _number("The model's interval holds four in five.")
    high = _number()
    edge = _cash("Shares x (estimate - price).")


class PortfolioModel(serializers.Serializer[Any]):
    covered = _number("Share of the value that has an estimate.")
    edge = _cash()
    expected_return = _number("edge / value of what is covered.", allow_null=True)
    holdings = HoldingEdge(many=True)


class PortfolioInsight(serializers.Serializer[Any]):
    kind = serializers.CharField()
    sentence = serializers.CharField()
    evidence = serializers.DictField()
    test = serializers.CharField()
    significance = _number("null: exact.", allow_null=True)
    link = serializers.CharField()


class PortfolioInsights(serializers.Serializer[Any]):
    user_id = _count()
    handle = serializers.CharField()
    at = serializers.DateTimeField()
    positions = _count()
    is_cut = serializers.BooleanField(help_text="There are more than the 100 largest.")
    value = _cash("At current prices.")
    cost = _cash()
    unrealised = _cash("value - cost.")
    worst_case_loss = _cash("Of the value, if each market ends as badly as it can.")
    concentration = PortfolioConcentration(allow_null=True)
    mean_correlation = _number("Of all pairs with enough days.", allow_null=True)
    correlations = HoldingPair(many=True, help_text="The five closest.")
    model = PortfolioModel()
    insights = PortfolioInsight(many=True)
