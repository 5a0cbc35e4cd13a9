"""What the clients wrote down, as commands with every answer that they got.

Notes      One JSON object a line. ``send`` is written before a request leaves, ``answer`` and ``unknown`` after it;
           ``again`` is written before it is repeated with its key. A line that was cut off is the last of its file.
Definite   2xx, and 4xx that isn't about being busy. Everything else leaves the outcome unknown.
Why        An outcome that stays unknown is legal; an answer that was wrong is not.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Note = dict[str, Any]
#: Too slow, too early, too many: the command may be sent again.
_PASSING: Final = frozenset((408, 425, 429))


def is_definite(status: int) -> bool:
    return 200 <= status < 500 and status not in _PASSING


@dataclass(slots=True)
class Reply:
    """An answer; ``document`` is its body, ``at`` seconds of the machine's monotonic clock."""

    at: float
    status: int
    document: Any
    is_replay: bool = False

    @property
    def is_definite(self) -> bool:
        return is_definite(self.status)


@dataclass(slots=True)
class Command:
    """``what``: place, reuse (a known key with another order), cancel, mint, merge, or a step of a market's life."""

    id: str
    what: str
    user_id: int
    market_id: int
    key: str
    body: dict[str, Any]
    sent_at: float
    order_id: int = 0
    #: Whether an outcome was unknown for a while.
    was_unknown: bool = False
    replies: list[Reply] = field(default_factory=list)

    @property
    def answer(self) -> Reply | None:
        """The first definite answer."""
        return next((reply for reply in self.replies if reply.is_definite), None)

    @property
    def is_accepted(self) -> bool:
        return self.answer is not None and self.answer.status < 300


def notes_in(directory: Path) -> Iterator[Note]:
    """Every note of every client, file by file."""
    for file in sorted(directory.glob("notes-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                note = json.loads(line)
            except ValueError:
                continue
            yield note


def commands_from(notes: Iterable[Note]) -> dict[str, Command]:
    """Commands by their id; the orders of one batch are commands of their own, ``ID#0``, ``ID#1`` ..."""
    commands: dict[str, Command] = {}
    batches: dict[str, int] = {}
    for note in notes:
        if note["note"] == "send":
            for command in _commands_of(note):
                commands[command.id] = command
            batches[note["id"]] = len(note["body"]["items"]) if note["what"] == "batch" else 0
        elif note["note"] == "answer" and note["id"] in batches:
            _take_answer(note, commands, batches[note["id"]])
        elif note["note"] == "unknown":
            for name in _names(note["id"], batches.get(note["id"], 0)):
                commands[name].was_unknown = True
    return commands


def _names(name: str, items: int) -> list[str]:
    return [f"{name}#{number}" for number in range(items)] if items else [name]


def _commands_of(note: Note) -> Iterator[Command]:
    if note["what"] != "batch":
        yield _command(note, note["id"], note["what"], note["body"])
        return
    for number, item in enumerate(note["body"]["items"]):
        yield _command(note, f"{note['id']}#{number}", "place", item)


def _command(note: Note, name: str, what: str, body: dict[str, Any]) -> Command:
    market_id = body.get("market_id") or note.get("market_id", 0)
    key = body.get("client_order_id") or note.get("key", "")
    return Command(name, what, note["user_id"], market_id, key, body, note["at"], note.get("order_id", 0))


def _take_answer(note: Note, commands: dict[str, Command], items: int) -> None:
    at, status = note["at"], note["status"]
    if not items:
        commands[note["id"]].replies.append(Reply(at, status, _document(note["body"]), note.get("is_replay", False)))
        return
    document = _document(note["body"])
    answers = document.get("items", []) if status == 200 else [{"status": status, "answer": document}] * items
    for number, one in enumerate(answers):
        reply = Reply(at, one["status"], one["answer"], one.get("is_replay", False))
        commands[f"{note['id']}#{number}"].replies.append(reply)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
