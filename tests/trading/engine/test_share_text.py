"""Text of pictures fits, and shows nothing odd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.engine.share_text import showable, wrapped


def _knows(letter: str) -> bool:
    return ord(letter) < 0x2000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Will it rain?", "Will it rain?"),
        (" Two\n\tlines  and\u00a0more ", "Two lines and more"),
        ("Cup \U0001f3c6\ufe0f final", "Cup final"),
        ("a\u202eb\u200dc\x00d", "abcd"),
        ("e\u0301", "é"),
        ("明日は雨", ""),
        ("rain 明日", "rain"),
        ("rai 明日", ""),
        ("\ud800", ""),
        ("", ""),
        ("\U0001f3c6", ""),
    ],
)
def test_what_can_be_shown(text: str, shown: str) -> None:
    assert showable(text, _knows) == shown


def test_lines() -> None:
    assert wrapped("one two three", 7, 3, len) == (["one two", "three"], True)
    assert wrapped("one two three four", 7, 2, len) == (["one two", "three…"], False)
    assert wrapped("abcdefghij k", 4, 9, len) == (["abcd", "efgh", "ij k"], True)
    assert wrapped("", 4, 3, len) == ([], True)
    assert wrapped("ab", 0, 3, len) == (["a", "b"], True)


@given(st.text(max_size=120), st.integers(2, 30), st.integers(1, 4))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int, lines_max: int) -> None:
    shown = showable(text, lambda letter: True)
    lines, is_whole = wrapped(shown, width, lines_max, len)
    assert len(lines) <= lines_max
    assert all(len(line) <= width for line in lines)
    if is_whole:
        assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
