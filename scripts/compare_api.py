"""What a new OpenAPI document takes away from clients of an older one: python scripts/compare_api.py OLD.json NEW.json

With a release, its promise is kept: python scripts/compare_api.py --promise > docs/releases/openapi-VERSION.json

Contract   Pure over the two documents. Adding is free: operations, optional fields and parameters, answers' fields.
           A break is what a working client would notice: something removed, renamed, newly needed, or of another type.
Bound      A schema that holds itself is followed once.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Shape:
    """One place in a body: what it may be, by JSON type; ``values`` are all that an enum allows, or empty."""

    types: frozenset[str]
    values: frozenset[str]
    is_needed: bool


Shapes = dict[str, Shape]


def breaks(old: Document, new: Document) -> list[str]:
    """A sentence for each thing that a client of ``old`` would miss in ``new``."""
    found: list[str] = []
    for name, operation in _operations(old).items():
        present = _operations(new).get(name)
        if present is None:
            found.append(f"{name}: the operation is gone")
        else:
            found += [f"{name}: {text}" for text in _of_operation((old, operation), (new, present))]
    return found


def _operations(document: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": methods[method]
        for path, methods in document["paths"].items()
        for method in _METHODS
        if method in methods
    }


def _of_operation(old: tuple[Document, Document], new: tuple[Document, Document]) -> Iterator[str]:
    if old[1]["operationId"] != new[1]["operationId"]:
        yield f"operationId {old[1]['operationId']} is now {new[1]['operationId']}"
    if {} in old[1].get("security", [{}]) and {} not in new[1].get("security", [{}]):
        yield "it was public and needs a key now"
    yield from _of_parameters(*(_parameters(*side) for side in (old, new)))
    yield from _of_request(*(_request(*side) for side in (old, new)))
    for status, content in _answers(*old).items():
        present = _answers(*new).get(status)
        if present is None:
            yield f"it no longer answers {status}"
            continue
        yield from _of_answer(status, content, present)


def _parameters(document: Document, operation: Document) -> Shapes:
    return {
        f"{one['in']} {one['name']}": Shape(*_types(document, one["schema"]), is_needed=bool(one.get("required")))
        for one in operation.get("parameters", [])
    }


def _request(document: Document, operation: Document) -> Shapes:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return {} if content is None else dict(_walk(document, content["schema"], "", frozenset()))


def _answers(document: Document, operation: Document) -> dict[str, Shapes]:
    """Of the successes; a client decides about failures by their code."""
    return {
        status: {
            f"{kind} {where}": shape
            for kind, content in response.get("content", {}).items()
            for where, shape in _walk(document, content.get("schema", {}), "", frozenset())
        }
        for status, response in operation["responses"].items()
        if status.startswith("2")
    }


def _of_parameters(old: Shapes, new: Shapes) -> Iterator[str]:
    yield from _of_what_is_sent(old, new, "parameter")


def _of_request(old: Shapes, new: Shapes) -> Iterator[str]:
    yield from _of_what_is_sent(old, new, "field")


def _of_what_is_sent(old: Shapes, new: Shapes, word: str) -> Iterator[str]:
    for where, shape in old.items():
        present = new.get(where)
        if present is None:
            yield f"{word} {where or 'body'} is no longer taken"
            continue
        if present.is_needed and not shape.is_needed:
            yield f"{word} {where} is needed now"
        for kind in sorted(shape.types - present.types):
            yield f"{word} {where} no longer takes {kind}"
        if present.values:
            for value in sorted(shape.values - present.values):
                yield f"{word} {where} no longer takes {value}"
            if not shape.values and "string" in shape.types:
                yield f"{word} {where} takes only some values now"
    for where in sorted(new.keys() - old.keys()):
        if new[where].is_needed and _parent(where) in {*old, ""}:
            yield f"{word} {where} is new and needed"


def _parent(where: str) -> str:
    return where.rpartition("/")[0]


def _of_answer(status: str, old: Shapes, new: Shapes) -> Iterator[str]:
    for where, shape in old.items():
        present = new.get(where)
        if present is None:
            yield f"{status} no longer has {where}"
            continue
        if shape.is_needed and not present.is_needed:
            yield f"{status} may leave out {where} now"
        for kind in sorted(present.types - shape.types):
            yield f"{status} {where} may be {kind} now"


def _walk(document: Document, schema: Document, where: str, seen: frozenset[str]) -> Iterator[tuple[str, Shape]]:
    """Every place under ``schema``; alternatives are laid over each other."""
    merged: Shapes = {}
    for path, shape in _places(document, schema, where, seen):
        known = merged.get(path)
        if known is not None:
            values = known.values | shape.values if known.values and shape.values else frozenset[str]()
            shape = Shape(known.types | shape.types, values, known.is_needed and shape.is_needed)
        merged[path] = shape
    yield from merged.items()


def _places(document: Document, schema: Document, where: str, seen: frozenset[str]) -> Iterator[tuple[str, Shape]]:
    reference = schema.get("$ref", "")
    if reference:
        if reference not in seen:
            yield from _places(document, _resolved(document, reference), where, seen | {reference})
        return
    for alternative in (*schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])):
        yield from _places(document, alternative, where, seen)
    needed = set(schema.get("required", []))
    for name, inner in schema.get("properties", {}).items():
        path = f"{where}/{name}"
        yield path, Shape(*_types(document, inner), is_needed=name in needed)
        yield from _places(document, inner, path, seen)
    for word, step in (("items", "[]"), ("additionalProperties", "{}")):
        inner = schema.get(word)
        if isinstance(inner, dict) and inner:
            path = f"{where}/{step}"
            yield path, Shape(*_types(document, inner), is_needed=False)
            yield from _places(document, inner, path, seen)


def _resolved(document: Document, reference: str) -> Document:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


def _types(document: Document, schema: Document) -> tuple[frozenset[str], frozenset[str]]:
    """JSON types and, where only some are allowed, values."""
    if "$ref" in schema:
        return _types(document, _resolved(document, schema["$ref"]))
    alternatives = [*schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])]
    found = [_types(document, one) for one in alternatives]
    given = schema.get("type", [])
    types = {given} if isinstance(given, str) else set(given)
    values = {json.dumps(value) for value in schema.get("enum", [])}
    every = [values] if values or types else []
    every += [set(of) for _, of in found if of or not found]
    return frozenset(types.union(*(kind for kind, _ in found))), frozenset(set[str]().union(*every))


def promise(document: Document) -> Document:
    """What of ``document`` clients rely on: everything but the words and examples."""
    idle = {"description", "summary", "example", "examples", "x-codeSamples", "title", "help_text", "pattern", "format"}

    def kept(value: Any, *, is_named: bool) -> Any:
        if isinstance(value, dict):
            inner = {name: (name in {"properties", "schemas"}, item) for name, item in value.items()}
            return {
                name: kept(item, is_named=names)
                for name, (names, item) in inner.items()
                if is_named or name not in idle
            }
        return [kept(item, is_named=False) for item in value] if isinstance(value, list) else value

    kept_document: Document = kept(document, is_named=False)
    return kept_document


def main() -> int:
    if sys.argv[1] == "--promise":
        present = json.loads((Path(__file__).resolve().parents[1] / "docs" / "openapi.json").read_text("utf-8"))
        print(json.dumps(promise(present), separators=(",", ":"), ensure_ascii=False))
        return 0
    old, new = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    found = breaks(old, new)
    print("\n".join(found) or "Nothing that worked is gone.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
