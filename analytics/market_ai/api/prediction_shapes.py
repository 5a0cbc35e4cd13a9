"""What the OpenAPI document says of estimates. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from analytics.market_ai.api.prediction_forms import BATCH_MAX
from analytics.market_ai.engine.features import FEATURES
from analytics.market_ai.types import RiskLevel


class PredictionBatchRequest(serializers.Serializer[Any]):
    market_ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=BATCH_MAX)


class PredictedOutcome(serializers.Serializer[Any]):
    outcome = serializers.CharField(help_text="Slug of the outcome.")
    market_price = serializers.FloatField(help_text="The market's price at the same moment, 0 to 1.")
    probability = serializers.FloatField(help_text="What the model estimates, 0 to 1.")
    interval_80 = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        help_text="What a share will pay lies within four times in five (conformal).",
    )
    confidence = serializers.FloatField(
        help_text="How often the model's side was right on unseen markets when it led by as much."
    )


class RiskAssessment(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=[level.value for level in RiskLevel])
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Facts about this market, weightiest first."
    )


class MarketPrediction(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    market_status = serializers.CharField()
    is_cold = serializers.BooleanField(help_text="True: too little is known for an estimate.")
    cold_reason = serializers.CharField(allow_null=True, help_text="Why it is cold.")
    made_at = serializers.DateTimeField(allow_null=True)
    model_version = serializers.IntegerField(allow_null=True)
    outcomes = PredictedOutcome(many=True)
    risk_assessment = RiskAssessment(allow_null=True)
    features = serializers.DictField(
        child=serializers.FloatField(),
        help_text=f"Of the first outcome: {', '.join(spec.name for spec in FEATURES)}; docs/market-ai.md defines them.",
    )


class PredictionBatch(serializers.Serializer[Any]):
    items = MarketPrediction(many=True)
    missing = serializers.ListField(child=serializers.IntegerField(), help_text="Ids without a market.")
