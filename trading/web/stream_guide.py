"""What the page about the stream shows, taken from the AsyncAPI document."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trading.api.stream_document import ADDRESS, asyncapi_document

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GuideField:
    """``path`` leads through objects by dots and into lists by ``[]``."""

    path: str
    kind: str
    text: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class GuideMessage:
    anchor: str
    title: str
    text: str
    fields: tuple[GuideField, ...]
    example: str


@dataclass(frozen=True, slots=True)
class StreamGuide:
    address: str
    commands: tuple[GuideMessage, ...]
    answers: tuple[GuideMessage, ...]
    frames: tuple[GuideMessage, ...]
    errors: tuple[tuple[str, str], ...]
    closes: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def stream_guide() -> StreamGuide:
    document = asyncapi_document()
    messages, schemas = document["components"]["messages"], document["components"]["schemas"]

    def of(kind: str) -> tuple[GuideMessage, ...]:
        found = ((name, told) for name, told in messages.items() if name.startswith(kind))
        return tuple(_message(name, told, schemas) for name, told in found)

    return StreamGuide(
        address=ADDRESS,
        commands=of("command."),
        answers=of("answer."),
        frames=of("frame."),
        errors=tuple(document["x-error-codes"].items()),
        closes=tuple(document["x-close-codes"].items()),
    )


def _message(name: str, told: dict[str, Any], schemas: dict[str, Schema]) -> GuideMessage:
    payload = _resolved(told["payload"], schemas)
    example = told["examples"][0]["payload"] if "examples" in told else None
    text = json.dumps(example, ensure_ascii=False, indent=2) if example is not None else ""
    shape = payload["properties"].get("data") or payload["properties"].get("params") or payload
    described = _resolved(shape, schemas).get("description", "")
    return GuideMessage(
        anchor=name.replace(".", "-"),
        title=name.partition(".")[2],
        text=" ".join(filter(None, (told.get("description", ""), described))).replace("`", ""),
        fields=tuple(_fields(payload, schemas, "")),
        example=text,
    )


def _fields(schema: Schema, schemas: dict[str, Schema], path: str) -> Iterator[GuideField]:
    for name, given in schema.get("properties", {}).items():
        field = _resolved(given, schemas)
        text = given.get("description") or ("" if "properties" in field else field.get("description", ""))
        here = f"{path}{name}"
        yield GuideField(here, _kind(field, schemas), text, name not in schema.get("required", ()))
        inner = _resolved(field["items"], schemas) if isinstance(field.get("items"), dict) else field
        if "properties" in inner:
            yield from _fields(inner, schemas, f"{here}[]." if inner is not field else f"{here}.")


def _kind(schema: Schema, schemas: dict[str, Schema]) -> str:
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_kind(_resolved(one, schemas), schemas) for one in schema["anyOf"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(kind)
    if kind == "array" and isinstance(schema["items"], dict):
        return f"list of {_kind(_resolved(schema['items'], schemas), schemas)}"
    if kind == "array":
        return f"[{', '.join(_kind(_resolved(one, schemas), schemas) for one in schema['items'])}]"
    return str(kind)


def _resolved(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    if "$ref" in schema:
        return schemas[schema["$ref"].rpartition("/")[2]]
    if "allOf" in schema:
        return _resolved(schema["allOf"][0], schemas) | {k: v for k, v in schema.items() if k != "allOf"}
    return schema
