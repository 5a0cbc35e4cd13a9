"""Bodies that are sent are told as they are taken, and answers stay open."""

import json
from typing import Any

from common.api.strict_requests import NULL_IS_REFUSED, with_strict_requests

THING = {"$ref": "#/components/schemas/Thing"}
NULL = {"type": "null"}


def document() -> dict[str, Any]:
    new_thing = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "size": {"type": "integer", "minimum": 1},
            "kind": {"$ref": "#/components/schemas/Kind"},
            "tone": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "default": "a"},
            "part": {"oneOf": [THING, NULL]},
            "any": {},
            "thing": THING,
        },
    }
    rule = {"type": "object", "properties": {"text": {"type": "string"}}, **NULL_IS_REFUSED}
    shapes = {"NewThing": new_thing, "Kind": {"type": "string", "enum": ["a", "b"]}, "Rule": rule}
    shapes["Thing"] = {"type": "object", "properties": {"id": {"type": "integer"}}}
    answer = {"200": {"content": {"application/json": {"schema": THING}}}}
    items = {
        f"/{name}": {"post": {"requestBody": _body(name), "responses": answer}}
        for name in ("NewThing", "Rule", "Thing")
    }
    found: dict[str, Any] = json.loads(json.dumps({"paths": items, "components": {"schemas": shapes}}))
    return found


def _body(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def test_other_fields_are_refused_and_null_is_left_out() -> None:
    found = with_strict_requests(document(), None, None, True)
    shape = found["components"]["schemas"]["NewThing"]
    kind = {"$ref": "#/components/schemas/Kind"}
    thing = {"$ref": "#/components/schemas/ThingRequest"}
    assert shape["additionalProperties"] is False
    assert shape["properties"] == {
        "name": {"type": "string"},
        "size": {"type": ["integer", "null"], "minimum": 1},
        "kind": {"oneOf": [kind, NULL]},
        "tone": {"default": "a", "oneOf": [kind, NULL]},
        "part": {"oneOf": [thing, NULL]},
        "any": {},
        "thing": {"oneOf": [thing, NULL]},
    }
    assert all(item["post"]["requestBody"]["required"] for item in found["paths"].values())


def test_what_is_also_answered_stays_open_under_its_name() -> None:
    found = with_strict_requests(document(), None, None, True)
    shapes = found["components"]["schemas"]
    assert shapes["Thing"] == {"type": "object", "properties": {"id": {"type": "integer"}}}
    assert shapes["ThingRequest"]["additionalProperties"] is False
    assert found["paths"]["/Thing"]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ThingRequest"
    }
    assert found["paths"]["/Thing"]["post"]["responses"]["200"]["content"]["application/json"]["schema"] == THING


def test_a_reader_that_refuses_null_is_told_so() -> None:
    rule = with_strict_requests(document(), None, None, True)["components"]["schemas"]["Rule"]
    assert rule == {"type": "object", "properties": {"text": {"type": "string"}}, "additionalProperties": False}
