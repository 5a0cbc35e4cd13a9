"""What every answer is held against beside the checks of schemathesis, and which of those are replaced, and why."""

from typing import Any, Final

from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from common.api.schema_views import openapi_document

#: What a field is refused with when its JSON type isn't the one told. ``field.required`` isn't here: which fields go
#: together is told in words.
_MISTOLD: Final = frozenset(
    f"field.{code}" for code in ("not_text", "not_boolean", "not_integer", "number_not_text", "repeated")
)
#: A cursor is opaque and a time span may be backwards: both are texts of the right type.
_REFUSED_400: Final = frozenset({"request.cursor_invalid", "business.question_invalid"})
_LIMIT_HEADERS: Final = frozenset({"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"})

#: Of all the fields that any body has.
NAMES: Final = frozenset(
    name for shape in openapi_document()["components"]["schemas"].values() for name in shape.get("properties", {})
)


class Mistold(Failure):
    """The document calls it valid, and it wasn't even understood."""


class Untold(Failure):
    """The answer lacks what every answer has."""


def what_is_told_is_understood(ctx: Any, response: Any, case: Any) -> bool | None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 415, 422):
        return None
    document = response.json()
    mistold = [one for one in document.get("errors", []) if _is_mistold(one)]
    if mistold or (response.status_code != 422 and document["code"] not in _REFUSED_400):
        raise Mistold(
            operation=case.operation.label,
            title="The document tells otherwise",
            message=f"{response.status_code} {document['code']}: {mistold or document['detail']}",
        )
    return None


def _is_mistold(refused: dict[str, str]) -> bool:
    if refused["code"] == "field.unknown":
        # A field that goes with another kind only is told; one that goes with nothing isn't.
        return refused["pointer"].rpartition("/")[2] not in NAMES
    return refused["code"] in _MISTOLD


def nothing_invalid_is_taken(ctx: Any, response: Any, case: Any) -> bool | None:
    is_batch = case.operation.definition.raw["operationId"] == "batchOrders" and response.status_code == 200
    # Each item has an answer of its own, and a bad one refuses itself only.
    if is_batch and any(item["status"] >= 400 for item in response.json()["items"]):
        return None
    found: bool | None = negative_data_rejection(ctx, response, case)
    return found


def the_limit_is_told(ctx: Any, response: Any, case: Any) -> bool | None:
    """On every answer, refusals of the method and of the media type included."""
    if missing := _LIMIT_HEADERS - {name.lower() for name in response.headers}:
        raise Untold(operation=case.operation.label, title="The limit isn't told", message=f"No {sorted(missing)}")
    return None


CHECKS: Final = [what_is_told_is_understood, nothing_invalid_is_taken, the_limit_is_told]
EXCLUDED: Final = [
    # Replaced by the one above, which knows of batches.
    negative_data_rejection,
    # It takes no 422, by which rules refuse what the schema can't tell: no funds, a closed market, a price off the
    # grid. Replaced by the first above: such a refusal must not be about names and types.
    positive_data_acceptance,
]
