"""Estimates of one market, or of up to a hundred at once."""

from django.http import HttpRequest, HttpResponse

from analytics.market_ai.api import prediction_operations as operations
from analytics.market_ai.api.prediction_documents import prediction_document
from analytics.market_ai.api.prediction_forms import market_ids_from
from analytics.market_ai.errors import PredictionNotFound
from analytics.market_ai.selectors.predictions import market_prediction, market_predictions
from common.api.access import READ
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView


class PredictionView(ApiView):
    access = READ

    @operations.get_prediction
    def get(self, request: HttpRequest, market_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = market_prediction(int(market_id))
        if found is None:
            raise PredictionNotFound("Look the market up with GET /api/v1/markets; drafts have no estimate.")
        return json_response(prediction_document(found))


class PredictionBatchView(ApiView):
    access = READ

    @operations.batch_predictions
    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = market_ids_from(json_body(request))
        found = market_predictions(wanted)
        return json_response(
            {
                "items": [prediction_document(found[one]) for one in wanted if one in found],
                "missing": [one for one in wanted if one not in found],
            }
        )
