"""From the notes of the clients to commands and their answers."""

import json
from pathlib import Path
from typing import Any

from scripts.storm.checker.history import commands_from, is_definite, notes_in
from scripts.storm.notes import Notes
from scripts.storm.settle import unsettled

ORDER = {"market_id": 7, "client_order_id": "c-1", "quantity": "1"}
REQUEST = {"method": "POST", "path": "/api/v1/orders", "key": ""}


def sent(name: str, body: dict[str, Any], what: str = "place", **facts: Any) -> dict[str, Any]:
    return {
        "note": "send", "at": 1.0, "id": name, "what": what, "user_id": 3, "body": body, "request": REQUEST, **facts
    }  # fmt: skip


def answered(name: str, status: int, document: object) -> dict[str, Any]:
    return {"note": "answer", "at": 2.0, "id": name, "status": status, "body": json.dumps(document)}


def write(directory: Path, *notes: dict[str, Any], end: str = "\n") -> None:
    (directory / "notes-client0.jsonl").write_text("\n".join(map(json.dumps, notes)) + end)


def test_only_busy_answers_and_mistakes_of_the_server_leave_the_outcome_unknown() -> None:
    known = [200, 201, 400, 403, 404, 409, 422]
    unknown = [408, 425, 429, 500, 502, 503]
    assert [status for status in [*known, *unknown] if is_definite(status)] == known


def test_an_order_has_every_answer_that_it_got() -> None:
    notes = [sent("a", ORDER), answered("a", 503, {}), answered("a", 201, {"id": 9}), answered("a", 201, {"id": 9})]
    command = commands_from(notes)["a"]
    assert (command.key, command.market_id, command.user_id, command.sent_at) == ("c-1", 7, 3, 1.0)
    assert [reply.status for reply in command.replies] == [503, 201, 201]
    assert command.answer is not None
    assert (command.answer.document, command.is_accepted) == ({"id": 9}, True)


def test_the_orders_of_a_batch_are_commands_of_their_own() -> None:
    items = [ORDER, ORDER | {"client_order_id": "c-2"}]
    document = {
        "items": [
            {"status": 201, "is_replay": False, "answer": {"id": 9}},
            {"status": 503, "is_replay": False, "answer": {"code": "trading.busy"}},
        ]
    }
    commands = commands_from([sent("b", {"items": items}, "batch"), answered("b", 200, document)])
    assert {name: (c.key, c.is_accepted) for name, c in commands.items()} == {
        "b#0": ("c-1", True),
        "b#1": ("c-2", False),
    }
    assert commands["b#1"].answer is None


def test_an_answer_to_a_whole_batch_is_that_of_each_order() -> None:
    commands = commands_from([sent("b", {"items": [ORDER, ORDER]}, "batch"), answered("b", 503, {})])
    assert [[reply.status for reply in c.replies] for c in commands.values()] == [[503], [503]]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, sent("a", ORDER), end='\n{"note": "answer", "id": "a", "sta')
    assert [note["id"] for note in notes_in(tmp_path)] == ["a"]


def test_what_has_no_definite_answer_is_to_be_sent_again(tmp_path: Path) -> None:
    half = {"items": [{"status": 201, "answer": {}}, {"status": 503, "answer": {}}]}
    write(
        tmp_path,
        sent("answered", ORDER), answered("answered", 201, {}),
        sent("refused", ORDER), answered("refused", 409, {}),
        sent("silent", ORDER), {"note": "unknown", "at": 2.0, "id": "silent", "why": "TimeoutError()"},
        sent("busy", ORDER), answered("busy", 503, {}),
        sent("half", {"items": [ORDER, ORDER]}, "batch"), answered("half", 200, half),
    )  # fmt: skip
    assert [note["id"] for note in unsettled(tmp_path)] == ["silent", "busy", "half"]


def test_notes_are_in_the_file_when_write_returns(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes-x.jsonl")
    at = notes.write("send", id="a", what="place")
    assert list(notes_in(tmp_path)) == [{"note": "send", "at": at, "id": "a", "what": "place"}]
    notes.close()
