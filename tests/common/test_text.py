import pytest

from common.text import clean_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\n c ", "a b c"),
        ("e\u0301", "\u00e9"),
        ("שלום", "שלום"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert clean_text(text, length_max=20) == expected


def test_prose_keeps_its_lines() -> None:
    assert clean_text("a\r\n\r\nb\rc\n", length_max=20, is_one_line=False) == "a\n\nb\nc"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\x00b", "control characters"),
        ("a\x1bb", "control characters"),
        ("a\x85b", "control characters"),
        ("a\u202eb", "control characters"),
        ("a\ud800b", "lone surrogate"),
        ("   ", "is empty"),
        ("ab", "shorter than 3"),
        ("x" * 21, "longer than 20"),
    ],
)
def test_refusals_end_a_sentence(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        clean_text(text, length_min=3, length_max=20)
