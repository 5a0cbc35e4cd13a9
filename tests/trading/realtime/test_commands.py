import json
from typing import Any

import pytest

from trading.realtime.commands import Code, CommandError, parse


def frame(**fields: Any) -> str:
    return json.dumps(fields)


def refused(text: str) -> tuple[int, str | None]:
    with pytest.raises(CommandError) as caught:
        parse(text)
    return int(caught.value.code), caught.value.field


def test_a_complete_command() -> None:
    params = {"channels": ["book", "trades"], "markets": [7, 7, 8], "resume_from": {"7": 1042}}
    command = parse(frame(id=1, cmd="subscribe", params=params))
    assert (command.id, command.name, command.sid) == (1, "subscribe", 0)
    assert command.channels == {"book", "trades"}
    assert command.markets == (7, 8)
    assert command.resume_from == {7: 1042}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '"text"',
        "null",
        "NaN",
        "\x00",
        '{"id": 1' + "0" * 5000,
        "[" * 3000,
        '{"a": "\ud800"}',
        '{"id":1}{"id":2}',
    ],
)
def test_what_is_no_json_object(text: str) -> None:
    assert refused(text) == (Code.MALFORMED, None)


@pytest.mark.parametrize("command_id", [True, 1.5, [], {}, "x" * 65])
def test_a_wrong_id(command_id: Any) -> None:
    assert refused(frame(id=command_id, cmd="ping")) == (Code.WRONG_PARAMETER, "/id")


@pytest.mark.parametrize("fields", [{}, {"cmd": 7}, {"cmd": "drop"}, {"cmd": ["ping"]}, {"cmd": None}])
def test_an_unknown_command(fields: dict[str, Any]) -> None:
    assert refused(frame(id=1, **fields)) == (Code.UNKNOWN_COMMAND, "/cmd")


@pytest.mark.parametrize(
    ("params", "code", "field"),
    [
        ({"channels": ["book"]}, 3, "/params/markets"),
        ({"markets": [1]}, 3, "/params/channels"),
        ({"channels": "book", "markets": [1]}, 3, "/params/channels"),
        ({"channels": [], "markets": [1]}, 3, "/params/channels"),
        ({"channels": [7], "markets": [1]}, 3, "/params/channels"),
        ({"channels": ["secrets"], "markets": [1]}, 5, "/params/channels"),
        ({"channels": ["book"], "markets": 1}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": []}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": ["1"]}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": [True]}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": [0]}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": [2**63]}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": [1.0]}, 3, "/params/markets"),
        ({"channels": ["book"], "markets": list(range(1, 202))}, 7, "/params/markets"),
        ({"channels": ["book"], "markets": [1], "resume_from": [1]}, 3, "/params/resume_from"),
        ({"channels": ["book"], "markets": [1], "resume_from": {"x": 1}}, 3, "/params/resume_from"),
        ({"channels": ["book"], "markets": [1], "resume_from": {"1": -1}}, 3, "/params/resume_from"),
        ({"channels": ["book"], "markets": [1], "resume_from": {"1": "1"}}, 3, "/params/resume_from"),
        ({"channels": ["book"], "markets": [1], "depth": 3}, 3, "/params/depth"),
        ([], 3, "/params"),
    ],
)
def test_wrong_parameters_are_named(params: Any, code: int, field: str) -> None:
    assert refused(frame(id=1, cmd="subscribe", params=params)) == (code, field)


def test_every_field_is_known() -> None:
    assert refused(frame(id=1, cmd="ping", token="x")) == (Code.WRONG_PARAMETER, "/token")
    assert refused(frame(id=1, cmd="list", params={"sid": 1})) == (Code.WRONG_PARAMETER, "/params/sid")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "/params/sid"),
        ({"sid": 1}, "/params"),
        ({"sid": "1", "markets": [1]}, "/params/sid"),
        ({"markets": [1]}, "/params/sid"),
    ],
)
def test_an_update_needs_a_subscription_and_a_change(params: dict[str, Any], field: str) -> None:
    assert refused(frame(id=1, cmd="update", params=params)) == (Code.WRONG_PARAMETER, field)


def test_the_answer_repeats_the_id() -> None:
    with pytest.raises(CommandError) as caught:
        parse(frame(id="mine", cmd="unsubscribe"))
    assert caught.value.document(caught.value.command_id) == {
        "type": "error",
        "id": "mine",
        "code": 3,
        "detail": "/params/sid is missing.",
        "field": "/params/sid",
    }
