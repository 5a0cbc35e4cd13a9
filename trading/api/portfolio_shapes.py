"""What the OpenAPI document says of positions, accounts and ledgers."""

from typing import Any

from rest_framework import serializers

from markets.types import MarketStatus
from trading.api.field_texts import cash_text, choice, price_text, probability_text, quantity_text
from trading.api.shapes import Cash


class Position(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    market_slug = serializers.CharField()
    question = serializers.CharField()
    market_status = choice(MarketStatus)
    outcome = serializers.CharField()
    quantity = quantity_text()
    held = quantity_text("Reserved by open sell orders.")
    cost = cash_text("Paid less received, fees included.")
    average_price = price_text(allow_null=True)
    price = probability_text(allow_null=True)
    value = cash_text("At the current price.", allow_null=True)
    profit = cash_text("value - cost.", allow_null=True)
    payout = cash_text("If the outcome wins.")
    updated_at = serializers.DateTimeField()


class PositionPage(serializers.Serializer[Any]):
    items = Position(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class Account(Cash):
    user_id = serializers.IntegerField()
    handle = serializers.CharField()


class LedgerLine(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="grant, trade, mint, merge, settlement, void...")
    amount = cash_text("Came in, or went out with a minus.")
    balance = cash_text("Cash after it.")
    market_id = serializers.IntegerField(allow_null=True)
    market_slug = serializers.CharField(allow_null=True)
    seq = serializers.IntegerField(allow_null=True)
    memo = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class LedgerPage(serializers.Serializer[Any]):
    items = LedgerLine(many=True)
    next_cursor = serializers.CharField(allow_null=True)
