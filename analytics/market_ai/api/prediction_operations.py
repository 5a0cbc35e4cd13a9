"""The OpenAPI text of estimates, with examples that a test executes."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from analytics.market_ai.api import prediction_shapes as shapes
from common.api.shapes import KEY_AUTH, path, problems

Describe = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]
_TAGS: Final = ["market AI"]
_COLD: Final = "A market of which too little is known answers `is_cold` with the reason instead of a guess."

get_prediction: Describe = extend_schema(
    operation_id="getPrediction",
    tags=_TAGS,
    summary="Read the estimate of a market",
    description="What the live model says of each outcome beside the market's price at the same moment. Renewed some "
    f"seconds after the market changed, and each hour. {_COLD}",
    auth=KEY_AUTH,
    parameters=[path("market_id", "Id of a market.", "7", OpenApiTypes.INT)],
    responses={200: shapes.MarketPrediction, **problems(401, 403, 404)},
)
batch_predictions: Describe = extend_schema(
    operation_id="batchPredictions",
    tags=_TAGS,
    summary="Read the estimates of many markets",
    description=f"Up to 100 in one answer, in the order asked, each once. Ids without a market are told apart. {_COLD}",
    auth=KEY_AUTH,
    request=shapes.PredictionBatchRequest,
    examples=[OpenApiExample("batch", {"market_ids": [7, 12]}, summary="batch", request_only=True)],
    responses={200: shapes.PredictionBatch, **problems(400, 401, 403, 415)},
)
