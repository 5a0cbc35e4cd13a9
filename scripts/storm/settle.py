"""When the storm is over: send every command whose outcome is unknown again, with its key, until there is an answer."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scripts.storm.checker.history import Note, is_definite, notes_in
from scripts.storm.notes import Notes
from scripts.storm.wire import TIMEOUT_S, NoAnswerError, Request, Wire

PATIENCE_S: Final = 240.0
_CONNECTIONS: Final = 8


def unsettled(directory: Path) -> list[Note]:
    """The sendings without a definite answer; a batch with one item that has none counts as a whole."""
    sent: dict[str, Note] = {}
    for note in notes_in(directory):
        if note["note"] == "send":
            sent[note["id"]] = note
        elif note["note"] == "answer" and _is_settled(note):
            sent.pop(note["id"], None)
    return list(sent.values())


def _is_settled(note: Note) -> bool:
    if not is_definite(note["status"]):
        return False
    items = _items_of(note["body"])
    return all(is_definite(item["status"]) for item in items)


def _items_of(text: str) -> list[dict[str, Any]]:

    document = json.loads(text)
    return document.get("items", []) if isinstance(document, dict) else []


async def settle(directory: Path, *, port: int, secrets: Mapping[int, str], timeout_s: float = TIMEOUT_S) -> int:
    """How many were sent again. What has no answer after PATIENCE_S stays unknown, which the checker tells."""
    waiting = unsettled(directory)
    count, until = len(waiting), time.monotonic() + PATIENCE_S
    notes = Notes(directory / "notes-settled.jsonl")

    async def work() -> None:
        wire = Wire(port, timeout_s)
        while waiting and time.monotonic() < until:
            note = waiting.pop(0)
            if not await _send_again(wire, note, secrets[note["user_id"]], notes):
                waiting.append(note)
                await asyncio.sleep(0.2)
        wire.close()

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))
    notes.close()
    return count


async def _send_again(wire: Wire, note: Note, secret: str, notes: Notes) -> bool:
    request = Request(**note["request"], secret=secret, body=note["body"] or None)
    notes.write("again", id=note["id"])
    try:
        answer = await wire.ask(request)
    except NoAnswerError as error:
        notes.write("unknown", id=note["id"], why=str(error))
        return False
    is_replay = answer.headers.get("idempotent-replay") == "true"
    at = notes.write("answer", id=note["id"], status=answer.status, body=answer.text, is_replay=is_replay)
    return _is_settled({"status": answer.status, "body": answer.text, "at": at})
