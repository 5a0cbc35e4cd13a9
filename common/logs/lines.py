"""From what happened to one line: JSON for machines, text for people.

Contract   A line is one JSON object with ``timestamp``, ``level``, ``logger``, ``event``, ``request_id`` and ``pid``.
           Outside of any request or task ``request_id`` is the id of this process, so that each line has one.
           In text, too, nothing that somebody sent can begin a line or steer a terminal: controls are shown as codes.
"""

import os
from datetime import UTC, datetime
from textwrap import indent
from typing import Any, Final

import orjson

#: Severity (as ``logging`` has it) and the fields.
Line = tuple[int, dict[str, Any]]
_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
_FIRST: Final = (
    "timestamp",
    "level",
    "logger",
    "event",
    "exception",
    "stack",
    "pid",
    "trace_id",
    "span_id",
    "parent_id",
)
#: Everything that ends a line or that a terminal takes for a command.
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x0A: "\\n",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
_CONTROLS_OF_TRACES: Final = {code: shown for code, shown in _CONTROLS.items() if code not in (0x09, 0x0A)}


class ProcessIdentity:
    """Who writes; made anew in a child."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.request_id = f"process-{os.urandom(8).hex()}"


def as_json(fields: dict[str, Any]) -> bytes:
    """``timestamp`` comes as seconds of the epoch, and is written in UTC."""
    fields["timestamp"] = datetime.fromtimestamp(fields["timestamp"], UTC)
    try:
        return orjson.dumps(fields, default=repr, option=_OPTIONS)
    except (TypeError, ValueError):
        # Lone surrogates and numbers beyond 64 bits: rare, and not worth a line lost.
        safe = {str(name): repr(value).encode("ascii", "backslashreplace").decode() for name, value in fields.items()}
        return orjson.dumps(safe | {"timestamp": fields["timestamp"]}, option=_OPTIONS)


def as_text(fields: dict[str, Any]) -> bytes:
    """For a terminal: when, how bad, what, then the other fields; a trace stands on lines of its own, set in."""
    moment = datetime.fromtimestamp(fields["timestamp"], UTC)
    more = " ".join(f"{name}={value}" for name, value in fields.items() if name not in _FIRST)
    head = f"{moment:%Y-%m-%d %H:%M:%S} {fields['level']:<8} {fields['event']} {more}"
    traces = [str(fields[name]).translate(_CONTROLS_OF_TRACES) for name in ("exception", "stack") if name in fields]
    return ("\n".join([head.rstrip().translate(_CONTROLS), *(indent(trace, "  ") for trace in traces)]) + "\n").encode(
        "utf-8", "backslashreplace"
    )
