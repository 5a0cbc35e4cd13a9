"""What the OpenAPI document says of track records. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers


def _text(text: str = "", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _whole(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


class RecordSums(serializers.Serializer[Any]):
    markets = _whole("Markets that are over.")
    won = _whole("Those with a profit.")
    profit = _text("Credits, fees included.")
    scored = _whole("Resolved markets in which they took a trade.")
    brier = _number("Mean Brier score of what they said; lower is better.", allow_null=True)
    market_brier = _number("That of the price right before.", allow_null=True)
    brier_gain = _number("Sum over markets of what their score is better by.")
    log_loss = _number("Mean logarithmic score; lower is better.", allow_null=True)
    market_log_loss = _number("That of the price right before.", allow_null=True)
    log_gain = _number("Sum over markets of what their score is better by.")


class BoardEntry(RecordSums):
    handle = _text()
    is_simulated = serializers.BooleanField()


class BoardPage(serializers.Serializer[Any]):
    items = BoardEntry(many=True)
    next_cursor = _text("Null on the last page.", allow_null=True)


class CurveBin(serializers.Serializer[Any]):
    low = _number("The bin begins here,")
    high = _number("and ends here.")
    forecasts = _whole()
    forecast = _number("Their mean.", allow_null=True)
    happened = _number("The share that happened.", allow_null=True)
    likely_low = _number("The true share lies above, in 95 of 100 cases,", allow_null=True)
    likely_high = _number("and below.", allow_null=True)


class TopicSums(RecordSums):
    topic = _text("Slug.")


class TraderBadge(serializers.Serializer[Any]):
    key = _text()
    title = _text()
    meaning = _text("What it takes.")


class TrackRecordShape(serializers.Serializer[Any]):
    total = RecordSums(allow_null=True)
    topics = TopicSums(many=True)
    calibration = CurveBin(many=True)
    calibration_error = _number("Mean distance from the diagonal.", allow_null=True)
    streak = _whole("Newest markets in a row with a profit.")
    badges = TraderBadge(many=True)


class TraderProfile(serializers.Serializer[Any]):
    handle = _text()
    is_simulated = serializers.BooleanField()
    joined_at = serializers.DateTimeField()
    is_private = serializers.BooleanField()
    about = _text()
    followers = _whole()
    record = TrackRecordShape(allow_null=True, help_text="Null when the profile is private and not yours.")


class SiteCurveShape(serializers.Serializer[Any]):
    forecasts = _whole()
    calibration_error = _number(allow_null=True)
    brier = _number(allow_null=True)
    log_loss = _number(allow_null=True)
    bins = CurveBin(many=True)
