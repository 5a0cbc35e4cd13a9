"""What the OpenAPI document says of bodies that are sent: exactly what ``Fields`` and ``json_body`` take.

Contract   A body is needed wherever one is described; a field that isn't described is refused; ``null`` in an optional
           field counts as left out. Answers are not touched: they may gain fields, which clients must ignore.
"""

import copy
from collections.abc import Iterator
from typing import Any, Final

Schema = dict[str, Any]
_PREFIX: Final = "#/components/schemas/"
_NULL: Final = {"type": "null"}
_MARK: Final = "x-null-is-refused"
#: Extension of a shape whose reader takes ``null`` for a value; it isn't told.
NULL_IS_REFUSED: Final = {_MARK: True}


def with_strict_requests(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A hook of drf-spectacular, for the whole document. A shape that is both sent and answered becomes two."""
    schemas = result["components"]["schemas"]
    operations = [one for item in result["paths"].values() for one in item.values() if isinstance(one, dict)]
    bodies = [one["requestBody"] for one in operations if "requestBody" in one]
    answered = _reached(schemas, [one["responses"] for one in operations])
    sent = {name for name in _reached(schemas, bodies) if "properties" in schemas[name]}
    renamed = {name: f"{name}Request" for name in sorted(sent & answered)}
    assert schemas.keys().isdisjoint(renamed.values()), "two shapes of one name"
    schemas |= {new: copy.deepcopy(schemas[name]) for name, new in renamed.items()}
    for body in bodies:
        body["required"] = True
        _rename(body, renamed)
    for name in sent:
        shape = schemas[renamed.get(name, name)]
        _rename(shape, renamed)
        _close(shape)
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def _references(part: Any) -> Iterator[Schema]:
    """Everything in ``part`` that points to a shape."""
    if isinstance(part, dict):
        if str(part.get("$ref", "")).startswith(_PREFIX):
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _reached(schemas: Schema, parts: Any) -> set[str]:
    found: set[str] = set()
    wanted = [one["$ref"].removeprefix(_PREFIX) for one in _references(parts)]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += [one["$ref"].removeprefix(_PREFIX) for one in _references(schemas[name])]
    return found


def _rename(part: Any, renamed: dict[str, str]) -> None:
    for one in _references(part):
        name = one["$ref"].removeprefix(_PREFIX)
        one["$ref"] = _PREFIX + renamed.get(name, name)


def _close(shape: Schema) -> None:
    shape.setdefault("additionalProperties", False)
    needed = shape.get("required", [])
    if shape.pop(_MARK, False):
        return
    shape["properties"] = {
        name: field if name in needed else _or_null(field) for name, field in shape["properties"].items()
    }


def _or_null(field: Schema) -> Schema:
    if "$ref" in field:
        return {"oneOf": [field, _NULL]}
    if "allOf" in field:
        # An enumeration with a default or a description of its own.
        return {**{name: value for name, value in field.items() if name != "allOf"}, "oneOf": [*field["allOf"], _NULL]}
    if "oneOf" in field:
        return field if _NULL in field["oneOf"] else {**field, "oneOf": [*field["oneOf"], _NULL]}
    kind = field.get("type")
    if kind is None:
        return field
    kinds = [kind] if isinstance(kind, str) else kind
    return {**field, "type": kinds if "null" in kinds else [*kinds, "null"]}
