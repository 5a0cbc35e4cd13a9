"""Texts of array parameters."""

import pytest

from common.arrays import for_one_row, integers, texts, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (integers([]), "{}"),
        (integers([7]), "{7}"),
        (integers([None]), "{NULL}"),
        (integers([1, None, -3]), "{1,NULL,-3}"),
        (words(["gtc"]), "{gtc}"),
        (words([True, False]), "{True,False}"),
        (texts(['a "b"', None, "c\\d"]), '{"a \\"b\\"",NULL,"c\\\\d"}'),
    ],
)
def test_an_array_is_text(text: str, expected: str) -> None:
    assert text == expected


def test_for_one_row_a_statement_takes_the_values_themselves() -> None:
    many = "INSERT INTO t SELECT %s::bigint, unnest(%s::text[]), unnest(string_to_array(%s::text, E'\n'))::json"
    assert for_one_row(many) == "INSERT INTO t SELECT %s::bigint, %s::text, %s::text::json"
    assert for_one_row("SELECT s + generate_series(1, %s::bigint)") == "SELECT s + %s::bigint"
