"""The AsyncAPI document of the stream."""

import json

from django.http import HttpRequest, HttpResponse

from common.api.access import PUBLIC
from common.api.views import ApiView
from trading.api.stream_document import asyncapi_document

_TYPE = "application/vnd.aai.asyncapi+json;version=3.0.0"


class StreamSchemaView(ApiView):
    access = PUBLIC
    schema = None

    def get(self, request: HttpRequest) -> HttpResponse:
        text = json.dumps(asyncapi_document(), indent=2, ensure_ascii=False)
        return HttpResponse(text, content_type=_TYPE, headers={"Cache-Control": "public, max-age=60"})
