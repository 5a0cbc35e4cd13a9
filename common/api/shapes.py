"""Shapes of the OpenAPI document that every app shares. They describe; nothing is parsed or rendered by them."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from common.api.code_samples import with_code_samples

PROBLEM: Final = "application/problem+json"
#: The largest number that a row can have.
ID_MAX: Final = 2**63 - 1
_EXAMPLES: Final = Path(__file__).resolve().parents[2] / "docs" / "api_examples.json"
# The annotations of drf-spectacular don't know that alternatives are dictionaries.
PUBLIC_AUTH: Final[Any] = [{}, {"apiKey": []}]
KEY_AUTH: Final[Any] = [{"apiKey": []}, {"session": []}]


class FieldProblem(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="JSON pointer to the field, such as /quantity.")
    code = serializers.CharField(help_text="Stable code of what is wrong with it.")
    detail = serializers.CharField(help_text="A sentence with the fix.")


class Problem(serializers.Serializer[Any]):
    """RFC 9457. Unknown members may be added; the answer to an order has no instance and request_id."""

    type = serializers.CharField(help_text="Address of the page that explains the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence with the fix.")
    code = serializers.CharField(help_text="Stable, dotted: order.insufficient_funds.")
    instance = serializers.CharField(required=False, help_text="Path of the request.")
    request_id = serializers.CharField(required=False, help_text="Also in X-Request-ID; quote it when you ask us.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]
    available = serializers.CharField(required=False, help_text="What you have, when that isn't enough.")
    required = serializers.CharField(  # type: ignore[assignment]
        required=False, help_text="What it would take."
    )
    retry_after = serializers.IntegerField(required=False, help_text="Seconds; also in Retry-After.")


class BucketRule(serializers.Serializer[Any]):
    bucket = serializers.ChoiceField(choices=["read", "write", "cancel"])
    limit = serializers.IntegerField(help_text="Requests in window_s seconds.")
    window_s = serializers.IntegerField()
    cost = serializers.CharField(help_text="What a request costs.")


class Limits(serializers.Serializer[Any]):
    counted_by = serializers.ChoiceField(choices=["address", "key", "user"])
    buckets = BucketRule(many=True)


def problems(*statuses: int) -> dict[Any, Any]:
    """Responses for these failures, beside those that every route can give."""
    return {(status, PROBLEM): Problem for status in (*statuses, 422, 429)}


def query(name: str, description: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


def whole(name: str, description: str, *, low: int = 1, high: int = ID_MAX, **more: Any) -> OpenApiParameter:
    """A whole number of the query, within the bounds that its reader has."""
    return query(name, description, {"type": "integer", "minimum": low, "maximum": high}, **more)


def page_parameters() -> list[OpenApiParameter]:
    return [
        whole("limit", "Items a page, 1 to 1,000.", high=1000, default=100),
        query("cursor", "next_cursor of the page before. It survives inserts and belongs to the same filter and sort."),
    ]


def path(name: str, description: str, example: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    examples = [OpenApiExample(name, example)]
    return OpenApiParameter(name, kind, OpenApiParameter.PATH, description=description, examples=examples)


def without_trailing_slash(endpoints: list[tuple[Any, ...]], **_: Any) -> list[tuple[Any, ...]]:
    """Show the address that is meant; the optional slash is a courtesy."""
    return [(address.rstrip("/"), *rest) for address, *rest in endpoints]


def with_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Name every response, show answers recorded from this program (docs/api_examples.json), and how to ask."""
    recorded = json.loads(_EXAMPLES.read_text("utf-8")) if _EXAMPLES.exists() else {}
    for address, operations in result["paths"].items():
        for method, operation in operations.items():
            answers = recorded.get(operation["operationId"], {})
            for status, response in operation["responses"].items():
                response["description"] = response["description"] or HTTPStatus(int(status)).phrase
                if status in answers:
                    next(iter(response["content"].values()))["example"] = answers[status]
            with_code_samples(address, method, operation)
    return result
