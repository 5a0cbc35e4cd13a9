"""The stream as an AsyncAPI 3.0 document, made of the types that the frames are built from.

Contract   ``asyncapi_document`` tells every command, answer and frame, the numbers of errors and the close codes; it
           changes with the program only. Operations are the server's: it receives commands and sends frames.
"""

from functools import lru_cache
from typing import Any, Final

from common.json_schema import Schemas
from trading.api.stream_examples import COMMAND_EXAMPLES, DATA_EXAMPLES, GAP_EXAMPLE
from trading.realtime.audience import OWN_CHANNELS
from trading.realtime.command_shapes import ANSWERS, CLOSE_MEANINGS, COMMANDS, MEANINGS, CommandId, Sid, Tick
from trading.realtime.shapes import DATA_FRAMES, PRIVATE_CHANNELS, ConnectionNotice, Gap, Moment

Document = dict[str, Any]

ADDRESS: Final = "/ws/v1/stream"
_TITLE: Final = "Opinion Market stream"
_DESCRIPTION: Final = (
    "What happens on markets while it happens. Frames are JSON texts, numbered per market by `seq` without gaps: a "
    "snapshot, then deltas; `resume_from` sends what was missed. Prices, quantities and cash are decimal strings. "
    "Ignore fields and frame types that you do not know: they are only ever added."
)

_TRACEPARENT: Final = {
    "type": "string",
    "description": "W3C trace context of a command of yours, where the site collects traces and recorded it; optional.",
}


@lru_cache(maxsize=1)
def asyncapi_document() -> Document:
    """The whole document."""
    schemas = Schemas()
    messages = _commands(schemas) | _answers(schemas) | _frames(schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": _TITLE, "version": "1", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "site": {
                "host": "{host}",
                "protocol": "wss",
                "description": "This site; ws where it is served without TLS.",
                "variables": {"host": {"description": "Host and port of the site.", "default": "localhost:8000"}},
                "security": [{"$ref": "#/components/securitySchemes/key"}],
            }
        },
        "channels": {"stream": _channel(messages)},
        "operations": _operations(messages),
        "components": {
            "messages": messages,
            "schemas": schemas.by_name,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope read. Pages of this site use their session instead.",
                }
            },
        },
        "x-error-codes": {str(int(code)): meaning for code, meaning in MEANINGS.items()},
        "x-close-codes": {str(code): meaning for code, meaning in CLOSE_MEANINGS.items()},
    }


def _channel(messages: Document) -> Document:
    return {
        "address": ADDRESS,
        "title": "Stream",
        "description": "One socket carries up to 200 markets, each with the channels subscribed to.",
        "servers": [{"$ref": "#/servers/site"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operations(messages: Document) -> Document:
    def these(kind: str) -> list[Document]:
        return [{"$ref": f"#/channels/stream/messages/{name}"} for name in messages if name.startswith(kind)]

    channel = {"$ref": "#/channels/stream"}
    return {
        "takeCommands": {
            "action": "receive",
            "channel": channel,
            "summary": "Commands; each gets exactly one answer or error, with its id.",
            "messages": these("command."),
            "reply": {"channel": channel, "messages": these("answer.")},
        },
        "tell": {
            "action": "send",
            "channel": channel,
            "summary": "Frames of subscriptions, ticks and notices about the connection.",
            "messages": these("frame."),
        },
    }


def _commands(schemas: Schemas) -> Document:
    found = {}
    for name, params in COMMANDS.items():
        reference = schemas.of(params)
        needed = ["cmd", "params"] if params.__required_keys__ else ["cmd"]
        properties = {
            "id": schemas.of(CommandId), "cmd": {"type": "string", "const": name}, "params": reference,
        }  # fmt: skip
        payload = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
        found[f"command.{name}"] = _message(name, payload, [COMMAND_EXAMPLES[name]])
    return found


def _answers(schemas: Schemas) -> Document:
    return {
        f"answer.{shape.__annotations__['type'].__args__[0]}": _message(shape.__name__, schemas.of(shape), [])
        for shape in ANSWERS
    }


def _frames(schemas: Schemas) -> Document:
    found = {}
    for channel, kind, shape in DATA_FRAMES:
        is_own = channel in PRIVATE_CHANNELS
        payload = _envelope(schemas, kind, schemas.of(shape), is_own=is_own)
        if channel in OWN_CHANNELS:
            payload["properties"]["traceparent"] = _TRACEPARENT
        message = _message(kind, payload, [_example(kind, is_own=is_own)])
        private = " Private: needs a key or a session." if is_own else ""
        message["description"] = f"Channel `{channel}`.{private}"
        found[f"frame.{kind}"] = message
    gap = _envelope(schemas, "gap", schemas.of(Gap), is_own=True)
    gap["required"].remove("account_seq")
    found["frame.gap"] = _message("gap", gap, [_example("gap", is_own=True)])
    found["frame.gap"]["description"] = "Any channel, instead of what `resume_from` asked for."
    found["frame.tick"] = _message("tick", schemas.of(Tick), [])
    connection = _object({"type": {"type": "string", "const": "notice"}, "data": schemas.of(ConnectionNotice)})
    found["frame.connection"] = _message("notice about the connection", connection, [])
    return found


def _envelope(schemas: Schemas, kind: str, data: Document, *, is_own: bool) -> Document:
    number = {
        "type": "integer",
        "description": "Numbers your private frames without gaps, from 1 or on from those of the socket before.",
    }
    return _object(
        {
            "sid": schemas.of(Sid),
            **({"account_seq": number} if is_own else {}),
            "type": {"type": "string", "const": kind},
            "market_id": {"type": "integer"},
            "seq": {"type": "integer", "description": "Number of the market's journal record."},
            "ts": schemas.of(Moment),
            "data": data,
        }
    )


def _object(properties: Document) -> Document:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _example(kind: str, *, is_own: bool) -> Document:
    number = {"account_seq": 5} if is_own else {}
    head = {"sid": 1, **number, "type": kind, "market_id": 7, "seq": 1043, "ts": "2026-11-22T09:30:00.123Z"}
    return {**head, "data": GAP_EXAMPLE if kind == "gap" else DATA_EXAMPLES[kind]}


def _message(title: str, payload: Document, examples: list[Document]) -> Document:
    told = {"examples": [{"payload": example} for example in examples]} if examples else {}
    return {"name": title, "title": title, "payload": payload, **told}
