from analytics.market_ai.models.answered import AnsweredContract, Standing
from analytics.market_ai.models.market_features import MarketFeatures
from analytics.market_ai.models.model_version import ModelVersion
from analytics.market_ai.models.prediction import MarketPrediction, PredictionRecord
from analytics.market_ai.models.traders import FoldedMarket, TraderFigures, TraderMarket, TraderTopic

__all__ = [
    "AnsweredContract",
    "FoldedMarket",
    "MarketFeatures",
    "MarketPrediction",
    "ModelVersion",
    "PredictionRecord",
    "Standing",
    "TraderFigures",
    "TraderMarket",
    "TraderTopic",
]
