"""The document of the stream: whole, by the rules of AsyncAPI 3.0, and the same as what is committed and shown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft7Validator

from tests.trading.realtime.socket import frame_validators
from trading.api.stream_document import asyncapi_document
from trading.api.stream_examples import COMMAND_EXAMPLES, DATA_EXAMPLES
from trading.realtime.command_shapes import CLOSE_MEANINGS, COMMANDS, MEANINGS, Code
from trading.realtime.commands import parse
from trading.realtime.shapes import CHANNELS, DATA_FRAMES
from trading.web.stream_guide import stream_guide

#: The schema of the AsyncAPI Initiative, from its package @asyncapi/specs 6.11.1 (Apache-2.0, see beside it).
OFFICIAL = json.loads((Path(__file__).parent / "asyncapi" / "3.0.0.json").read_text("utf-8"))


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_keeps_the_official_schema() -> None:
    Draft7Validator.check_schema(OFFICIAL)
    problems = Draft7Validator(OFFICIAL).iter_errors(asyncapi_document())
    assert [f"{list(error.path)}: {error.message[:200]}" for error in problems] == []


@pytest.mark.parametrize("broken", ["info", "channels", "operations", "servers"])
def test_the_official_schema_would_tell(broken: str) -> None:
    document = {**asyncapi_document(), broken: {"surprise": {"surprise": 1}}}
    assert not Draft7Validator(OFFICIAL).is_valid(document)


def test_every_schema_and_reference_of_it_holds() -> None:
    document = asyncapi_document()
    for name, schema in document["components"]["schemas"].items():
        Draft7Validator.check_schema(schema)
        assert schema["properties"] or name == "NoParams"
    for reference in references(document):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    channel = document["channels"]["stream"]["messages"]
    told = {one for operation in document["operations"].values() for one in references(operation)}
    assert {f"#/channels/stream/messages/{name}" for name in channel} <= told


def test_every_command_and_frame_has_an_example_that_holds() -> None:
    document = asyncapi_document()
    assert COMMAND_EXAMPLES.keys() == COMMANDS.keys()
    assert DATA_EXAMPLES.keys() == {kind for _, kind, _ in DATA_FRAMES}
    for name, message in document["components"]["messages"].items():
        for example in message.get("examples", ()):
            frame_validators()[name].validate(example["payload"])
            if name.startswith("command."):
                assert parse(json.dumps(example["payload"])).id == example["payload"]["id"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_what_the_document_tells_and_nothing_else(name: str) -> None:
    example = COMMAND_EXAMPLES[name]
    validator = frame_validators()[f"command.{name}"]
    assert validator.is_valid(example)
    assert not validator.is_valid({**example, "params": {**example.get("params", {}), "depth": 3}})


@pytest.mark.django_db
def test_it_is_served_committed_and_shown(client: Client) -> None:
    answer = client.get("/api/v1/asyncapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (
        200,
        "application/vnd.aai.asyncapi+json;version=3.0.0",
    )
    assert answer.json() == asyncapi_document()
    committed = Path(__file__).parents[3] / "docs" / "asyncapi.json"
    assert json.loads(committed.read_text()) == asyncapi_document()
    html = client.get("/docs/stream").content.decode()
    guide = stream_guide()
    for message in (*guide.commands, *guide.answers, *guide.frames):
        assert f'id="{message.anchor}"' in html
    for path in ("data.changes[].price", "data.holdings[].average_price", "params.resume_from"):
        assert f"<code>{path}</code>" in html
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html


def test_the_guide_tells_every_number_and_name() -> None:
    text = (Path(__file__).parents[3] / "docs" / "streams.md").read_text()
    assert MEANINGS.keys() == set(Code)
    for code in (*MEANINGS, *CLOSE_MEANINGS):
        assert f"| {int(code)} |" in text
    for name in (*CHANNELS, *COMMANDS):
        assert f"`{name}`" in text
    for _, kind, shape in DATA_FRAMES:
        assert f"`{kind}`" in text
        for field in shape.__annotations__:
            assert f'"{field}"' in text or f"`{field}`" in text
