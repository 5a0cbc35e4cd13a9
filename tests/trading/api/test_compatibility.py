"""Nothing that a client of an earlier release relies on is gone from /api/v1."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.api.schema_views import openapi_document
from scripts.compare_api import breaks

RELEASES = sorted((Path(__file__).resolve().parents[3] / "docs" / "releases").glob("openapi-*.json"))


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_the_api_still_keeps_what_the_release_promised(release: Path) -> None:
    assert breaks(json.loads(release.read_text("utf-8")), openapi_document()) == []


def test_there_is_a_release_to_compare_with() -> None:
    assert RELEASES


def document() -> dict[str, Any]:
    new_thing = {
        "properties": {
            "name": {"type": "string"},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "size": {"type": ["integer", "null"]},
        },
        "required": ["name"],
    }
    thing = {
        "properties": {"id": {"type": "integer"}, "parent": {"$ref": "#/components/schemas/Thing"}},
        "required": ["id"],
    }
    post = {
        "operationId": "makeThing",
        "security": [{}, {"apiKey": []}],
        "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer"}}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
        "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
    }
    return {"paths": {"/things": {"post": post}}, "components": {"schemas": {"NewThing": new_thing, "Thing": thing}}}


def _post(new: dict[str, Any]) -> dict[str, Any]:
    return new["paths"]["/things"]["post"]  # type: ignore[no-any-return]


def _taken(new: dict[str, Any]) -> dict[str, Any]:
    return new["components"]["schemas"]["NewThing"]  # type: ignore[no-any-return]


def _told(new: dict[str, Any]) -> dict[str, Any]:
    return new["components"]["schemas"]["Thing"]  # type: ignore[no-any-return]


BREAKS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "POST /things: the operation is gone": lambda new: new["paths"].clear(),
    "POST /things: operationId makeThing is now addThing": lambda new: _post(new).update(operationId="addThing"),
    "POST /things: it was public and needs a key now": lambda new: _post(new)["security"].pop(0),
    "POST /things: it no longer answers 201": lambda new: _post(new)["responses"].clear(),
    "POST /things: parameter query limit is no longer taken": lambda new: _post(new)["parameters"].clear(),
    "POST /things: parameter query limit is needed now": lambda new: _post(new)["parameters"][0].update(required=True),
    "POST /things: field /name is no longer taken": lambda new: _taken(new)["properties"].pop("name"),
    "POST /things: field /size is needed now": lambda new: _taken(new)["required"].append("size"),
    "POST /things: field /size no longer takes null": lambda new: _taken(new)["properties"].update(
        size={"type": "integer"}
    ),
    'POST /things: field /kind no longer takes "b"': lambda new: _taken(new)["properties"]["kind"]["enum"].pop(),
    "POST /things: field /name takes only some values now": lambda new: _taken(new)["properties"]["name"].update(
        enum=["x"]
    ),
    "POST /things: field /more is new and needed": lambda new: (
        _taken(new)["properties"].update(more={"type": "string"}),
        _taken(new)["required"].append("more"),
    ),
    "POST /things: 201 may leave out application/json /id now": lambda new: _told(new)["required"].clear(),
    "POST /things: 201 application/json /id may be null now": lambda new: _told(new)["properties"].update(
        id={"type": ["integer", "null"]}
    ),
}


@pytest.mark.parametrize("found", BREAKS)
def test_each_break_is_found(found: str) -> None:
    new = copy.deepcopy(document())
    BREAKS[found](new)
    assert breaks(document(), new) == [found]


def test_a_field_of_an_answer_that_is_gone_is_found_where_it_was() -> None:
    new = copy.deepcopy(document())
    del _told(new)["properties"]["parent"]
    assert breaks(document(), new) == ["POST /things: 201 no longer has application/json /parent"]


def test_adding_breaks_nothing() -> None:
    new = copy.deepcopy(document())
    _taken(new)["properties"]["more"] = {"type": "string"}
    _taken(new)["properties"]["kind"]["enum"].append("c")
    _told(new)["properties"]["more"] = {"type": "string"}
    _told(new)["required"].append("more")
    _post(new)["parameters"].append({"in": "query", "name": "q", "schema": {"type": "string"}})
    new["paths"]["/more"] = {"get": _post(new)}
    assert breaks(document(), new) == []
