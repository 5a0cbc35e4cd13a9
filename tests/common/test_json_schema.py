from enum import StrEnum
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest

from common.json_schema import Also, Schemas


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(TypedDict):
    """What is inside."""

    colour: Colour


class Outer(TypedDict):
    one: Annotated[Inner, "The first."]
    more: NotRequired[list[Inner]]


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (str, {"type": "string"}),
        (Any, {}),
        (int | None, {"type": ["integer", "null"]}),
        (Literal["a"], {"type": "string", "const": "a"}),
        (Literal[1, 2], {"type": "integer", "enum": [1, 2]}),
        (Colour, {"type": "string", "enum": ["red", "blue"]}),
        (Colour | None, {"anyOf": [{"type": "string", "enum": ["red", "blue"]}, {"type": "null"}]}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (
            tuple[str, int],
            {"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2},
        ),
        (Annotated[str, "When.", Also(format="date")], {"type": "string", "description": "When.", "format": "date"}),
    ],
)
def test_schemas_of_types(shape: Any, schema: dict[str, Any]) -> None:
    assert Schemas().of(shape) == schema


def test_shapes_stand_once_under_their_names() -> None:
    schemas = Schemas()
    assert schemas.of(Outer) == {"$ref": "#/components/schemas/Outer"}
    assert schemas.by_name["Outer"] == {
        "type": "object",
        "properties": {
            "one": {"allOf": [{"$ref": "#/components/schemas/Inner"}], "description": "The first."},
            "more": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
        },
        "required": ["one"],
        "additionalProperties": False,
    }
    assert schemas.by_name["Inner"]["description"] == "What is inside."


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="JSON has no"):
        Schemas().of(set[int])
