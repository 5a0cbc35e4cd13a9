"""The OpenAPI document as pages show it: operations by tag, and all that one operation takes and answers.

Contract   Pure over the document. A schema becomes rows, depth first; what holds itself is shown once.
Bound      Rows go ``DEPTH_MAX`` deep; the document itself has the rest.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from common.api.code_samples import exchange_of
from common.api.markdown import as_inline

METHODS: Final = ("get", "post", "put", "patch", "delete")
DEPTH_MAX: Final = 5

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A field, or a parameter: ``depth`` counts what it lies in."""

    name: str
    depth: int
    kind: str
    is_needed: bool
    about: SafeString
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An operation in a list; ``route`` is its name in measurements."""

    operation_id: str
    method: str
    path: str
    summary: str
    is_public: bool

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    about: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """``example`` fills the form."""

    row: Row
    place: str
    example: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    phrase: str
    kind: str
    rows: tuple[Row, ...]
    example: str

    @property
    def is_failure(self) -> bool:
        return self.status[0] not in "23"


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class OperationPage:
    line: Line
    tag: str
    about: str
    parameters: tuple[Parameter, ...]
    body: tuple[Row, ...]
    examples: tuple[Example, ...]
    samples: tuple[Example, ...]
    answers: tuple[Answer, ...]
    address: str


def sections(document: Document) -> tuple[Section, ...]:
    """Every operation by tag: the tags that are described first, in their order, then the others."""
    about = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    found: dict[str, list[Line]] = {name: [] for name in about}
    for path, method, operation in _operations(document):
        found.setdefault(operation["tags"][0], []).append(_line(path, method, operation))
    return tuple(Section(name, about.get(name, ""), tuple(lines)) for name, lines in found.items() if lines)


def operation_page(document: Document, operation_id: str) -> OperationPage | None:
    for path, method, operation in _operations(document):
        if operation["operationId"] == operation_id:
            return _page(document, path, method, operation)
    return None


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _line(path: str, method: str, operation: Document) -> Line:
    is_public = {} in operation.get("security", [{}])
    return Line(operation["operationId"], method.upper(), path, operation["summary"], is_public)


def _page(document: Document, path: str, method: str, operation: Document) -> OperationPage:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return OperationPage(
        line=_line(path, method, operation),
        tag=operation["tags"][0],
        about=operation["description"],
        parameters=tuple(_parameter(document, one) for one in operation.get("parameters", [])),
        body=rows(document, content.get("schema", {})),
        examples=tuple(
            Example(example.get("summary", name), _text(example["value"]))
            for name, example in content.get("examples", {}).items()
        ),
        samples=tuple(Example(one["label"], one["source"]) for one in operation["x-codeSamples"]),
        answers=tuple(
            _answer(document, status, response, kind, inner)
            for status, response in operation["responses"].items()
            for kind, inner in response.get("content", {"": {}}).items()
        ),
        address=exchange_of(path, method, operation).address,
    )


def _parameter(document: Document, parameter: Document) -> Parameter:
    schema = parameter["schema"]
    row = Row(
        parameter["name"], 0, _kind(document, schema), bool(parameter.get("required")),
        as_inline(parameter.get("description", "")), _values(document, schema),
    )  # fmt: skip
    examples = parameter.get("examples") or {}
    example = str(next(iter(examples.values()))["value"]) if examples and row.is_needed else ""
    return Parameter(row, parameter["in"], example)


def _answer(document: Document, status: str, response: Document, kind: str, content: Document) -> Answer:
    example = content.get("example")
    shown = example if isinstance(example, str) else "" if example is None else _text(example)
    found = rows(document, content.get("schema", {})) if status.startswith("2") else ()
    return Answer(status, response["description"], kind.partition(";")[0], found, shown)


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def rows(document: Document, schema: Document) -> tuple[Row, ...]:
    """What lies in ``schema``, each field under what holds it."""
    return tuple(_rows(document, schema, 0, frozenset()))


def _rows(document: Document, schema: Document, depth: int, seen: frozenset[str]) -> Iterator[Row]:
    reference = schema.get("$ref", "")
    if reference in seen or depth > DEPTH_MAX:
        return
    schema = _resolved(document, schema)
    seen |= {reference} if reference else frozenset()
    for part in _parts(schema):
        yield from _rows(document, part, depth, seen)
    needed = set(schema.get("required", []))
    for name, inner in schema.get("properties", {}).items():
        plain = _resolved(document, inner)
        about = inner.get("description") or plain.get("description", "")
        yield Row(name, depth, _kind(document, inner), name in needed, as_inline(about), _values(document, inner))
        yield from _rows(document, inner, depth + 1, seen)
    for word in ("items", "additionalProperties"):
        held = schema.get(word)
        if isinstance(held, dict):
            yield from _rows(document, held, depth, seen)


def _parts(schema: Document) -> list[Document]:
    return [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]


def _resolved(document: Document, schema: Document) -> Document:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Document = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _kind(document: Document, schema: Document) -> str:
    """Its JSON type in words: ``string``, ``integer or null``, ``list of objects``."""
    schema = _resolved(document, schema)
    given = schema.get("type")
    kinds = [given] if isinstance(given, str) else list(given or [])
    if not kinds:
        parts = [_kind(document, part) for part in _parts(schema)]
        return " or ".join(dict.fromkeys(" or ".join(parts).split(" or "))) if parts else "any"
    if "array" in kinds:
        inner = schema.get("items")
        kinds[kinds.index("array")] = f"list of {_kind(document, inner)}" if inner else "list"
    return " or ".join(kinds)


def _values(document: Document, schema: Document) -> tuple[str, ...]:
    schema = _resolved(document, schema)
    own = [str(value) for value in schema.get("enum", []) if value is not None]
    return tuple(own + [value for part in _parts(schema) for value in _values(document, part)])
