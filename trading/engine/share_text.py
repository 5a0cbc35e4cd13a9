"""Text for a picture: what a font can show of it, in lines that fit.

Contract   Pure; the font is two functions. Marks without width, controls and changes of direction are left out, so that
           a text can't turn what stands beside it. A word that is longer than a line is cut; what is longer than
           ``lines_max`` ends with an ellipsis. No line is wider than ``width``, unless one letter is.
Bound      Letters beyond ``LETTERS_MAX`` aren't looked at.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

LETTERS_MAX: Final = 400
_ELLIPSIS: Final = "…"
#: Controls, formats, surrogates, private use, unassigned.
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn")

Width = Callable[[str], float]
Knows = Callable[[str], bool]


def showable(text: str, knows: Knows) -> str:
    """What of a text can be shown, in one line of single spaces; empty when that is less than two thirds of it."""
    wanted = unicodedata.normalize("NFC", text)[:LETTERS_MAX]
    spaced = [" " if letter.isspace() else letter for letter in wanted]
    kept = [letter for letter in spaced if letter == " " or _is_shown(letter, knows)]
    letters = sum(letter.isalnum() for letter in spaced)
    shown = sum(letter.isalnum() for letter in kept)
    return " ".join("".join(kept).split()) if shown * 3 >= letters * 2 else ""


def wrapped(text: str, width: float, lines_max: int, measure: Width) -> tuple[list[str], bool]:
    """The lines, and whether all of it is in them."""
    lines: list[str] = []
    words = text.split(" ") if text else []
    while words and len(lines) < lines_max:
        lines.append(_line(words, width, measure))
    if words:
        lines[-1] = _shortened(lines[-1], width, measure)
    return lines, not words


def _line(words: list[str], width: float, measure: Width) -> str:
    """Takes the words of one line from the front."""
    line = words.pop(0)
    if measure(line) > width:
        fits = max((n for n in range(1, len(line)) if measure(line[:n]) <= width), default=1)
        # Between two letters of a script without spaces rather than within a number or a Latin word.
        fits = max((n for n in range(1, fits + 1) if not line[n - 1 : n + 1].isascii()), default=fits)
        if len(line) > fits:
            words.insert(0, line[fits:])
        return line[:fits]
    while words and measure(f"{line} {words[0]}") <= width:
        line = f"{line} {words.pop(0)}"
    return line


def _shortened(line: str, width: float, measure: Width) -> str:
    while len(line) > 1 and measure(f"{line}{_ELLIPSIS}") > width:
        line = line[:-1].rstrip()
    return f"{line}{_ELLIPSIS}"


def _is_shown(letter: str, knows: Knows) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and knows(letter)
