"""The OpenAPI document."""

import json
from functools import lru_cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator

from common.api.access import PUBLIC
from common.api.errors import RequestInvalid
from common.api.stored_document import stored_document
from common.api.views import ApiView
from common.errors import FieldError

_TYPES = {"json": "application/vnd.oai.openapi+json", "yaml": "application/vnd.oai.openapi"}
_CACHED = {"Cache-Control": "public, max-age=60"}


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The whole document as the program makes it; what is served was recorded from this."""
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    # Through JSON, so that both formats say the same.
    return json.loads(json.dumps(document, default=str))  # type: ignore[no-any-return]


@lru_cache(maxsize=2)
def _rendered(wanted: str) -> str:
    if wanted == "json":
        return json.dumps(stored_document(), indent=2, ensure_ascii=False)
    return yaml.safe_dump(stored_document(), sort_keys=False, allow_unicode=True)


class SchemaView(ApiView):
    access = PUBLIC
    schema = None

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("format", "yaml" if "yaml" in request.headers.get("Accept", "") else "json")
        if wanted not in _TYPES:
            error = FieldError("/format", "field.not_a_choice", "Send one of: json, yaml.")
            raise RequestInvalid("/format: Send one of: json, yaml.", errors=(error,))
        return HttpResponse(_rendered(wanted), content_type=_TYPES[wanted], headers=_CACHED)
