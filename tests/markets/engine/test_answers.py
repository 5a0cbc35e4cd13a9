"""What a data source answers becomes a result, or nothing at all."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.engine.answers import AnswerUnclear, check_pointer, check_rule, payouts_for, read_value
from markets.types import MarketKind

BINARY, CATEGORICAL, NUMERIC = MarketKind.BINARY, MarketKind.CATEGORICAL, MarketKind.NUMERIC
YES_NO = {"yes": "Yes", "no": "No"}
PEOPLE = {"ann": "Ann Lee", "ben": "Ben", "cem": "Cem"}


@pytest.mark.parametrize(
    ("body", "pointer", "value"),
    [
        (b'{"data": [{"mm": 12.40}]}', "/data/0/mm", "12.40"),
        (b'{"a/b": {"m~n": 7}}', "/a~1b/m~0n", "7"),
        (b"3", "", "3"),
        (b'{"": " dry "}', "/", "dry"),
        (b'{"done": true}', "/done", "true"),
        (b'{"n": 0.10000000000000000000000001}', "/n", "0.10000000000000000000000001"),
    ],
)
def test_reading(body: bytes, pointer: str, value: str) -> None:
    assert read_value(body, pointer) == value


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"<html>", "/a"),
        (b'{"a": NaN}', "/a"),
        (b'{"a": 1e99999999999999999999}', "/a"),
        (b'{"a": null}', "/a"),
        (b'{"a": {}}', "/a"),
        (b'{"a": "  "}', "/a"),
        (b'{"a": "\\u0000"}', "/a"),
        (b'{"a": "\\ud800"}', "/a"),
        (b'{"a": [1]}', "/a/1"),
        (b'{"a": [1]}', "/a/-1"),
        (b'{"a": [1]}', "/a/00"),
        (b'{"a": 1}', "/b"),
        (b"[" * 100_000, "/0"),
        (b"\xff", ""),
    ],
)
def test_what_isnt_clear_is_no_answer(body: bytes, pointer: str) -> None:
    with pytest.raises(AnswerUnclear):
        read_value(body, pointer)


@pytest.mark.parametrize(
    ("rule", "text", "is_yes"),
    [
        (">= 10", "10", True),
        (">= 10", "9.99999999999999999999", False),
        ("> 10", "10.0", False),
        ("<= -1.5", "-1.5", True),
        ("< 0", "0", False),
        ("=0.3", "0.30", True),
        ("won: yes\nlost: no", "Won", True),
        ("true: no\nfalse: yes", "true", False),
    ],
)
def test_yes_or_no(rule: str, text: str, is_yes: bool) -> None:
    check_rule(BINARY, rule, list(YES_NO))
    assert payouts_for(BINARY, rule, text, YES_NO) == ((10_000, 0) if is_yes else (0, 10_000))


@pytest.mark.parametrize(("rule", "text"), [(">= 10", "ten"), (">= 10", "NaN"), (">= 10", "Infinity"), ("a: yes", "b")])
def test_no_guess(rule: str, text: str) -> None:
    with pytest.raises(AnswerUnclear):
        payouts_for(BINARY, rule, text, YES_NO)


@pytest.mark.parametrize(("rule", "text", "winner"), [("", "ann lee", 0), ("", "BEN", 1), ("C. D.: cem", "c. d.", 2)])
def test_one_of_several(rule: str, text: str, winner: int) -> None:
    check_rule(CATEGORICAL, rule, list(PEOPLE))
    assert payouts_for(CATEGORICAL, rule, text, PEOPLE).index(10_000) == winner


@pytest.mark.parametrize(
    ("kind", "rule", "slugs"),
    [
        (BINARY, "", ["yes", "no"]),
        (BINARY, "about 10", ["yes", "no"]),
        (BINARY, "10: maybe", ["yes", "no"]),
        (CATEGORICAL, "Ann: dan", ["ann", "ben"]),
        (CATEGORICAL, ">= 10", ["ann", "ben"]),
        (NUMERIC, ">= 10", ["a", "b"]),
        (CATEGORICAL, "\n".join(f"{i}: ann" for i in range(201)), ["ann"]),
    ],
)
def test_wrong_rules(kind: MarketKind, rule: str, slugs: Sequence[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_rule(kind, rule, slugs)


def test_a_scale_has_its_value_only() -> None:
    check_rule(NUMERIC, "", ["a", "b"])
    assert payouts_for(NUMERIC, "", "12", {"a": "A", "b": "B"}) == ()


@pytest.mark.parametrize("pointer", ["a", "/a~2", "a/b", "/~"])
def test_wrong_pointers(pointer: str) -> None:
    with pytest.raises(ValueError, match="JSON pointer"):
        check_pointer(pointer)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from(["", "/a", "/0", "/a/0/b"]))
def test_whatever_comes_is_a_value_or_unclear(body: bytes, pointer: str) -> None:
    try:
        value = read_value(body, pointer)
    except AnswerUnclear:
        return
    assert value
    assert value.isprintable()
