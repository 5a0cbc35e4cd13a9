"""Fonts of reports on paper.

Contract   DejaVu Sans, which lies in common/fonts, covers Latin, Greek, Cyrillic, Armenian and Georgian letters and
           is embedded. Chinese, Japanese and Korean are named from Adobe's Asian fonts, which readers of PDF bring
           along. A character that none of them has is shown as a box, never left out. Hebrew, Arabic and Indic scripts
           are not joined and turned as they should be; the HTML format shows them right.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
_FOLDER: Final = settings.BASE_DIR / "common" / "fonts"
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"
_ASIAN: Final = (
    (0x3040, 0x30FF, _JAPANESE), (0xAC00, 0xD7A3, _KOREAN), (0x1100, 0x11FF, _KOREAN),
    (0x4E00, 0x9FFF, _CHINESE), (0x3400, 0x4DBF, _CHINESE), (0x3000, 0x303F, _CHINESE), (0xFF00, 0xFFEF, _CHINESE),
)  # fmt: skip
_BOX: Final = "\N{WHITE SQUARE}"


@lru_cache(maxsize=1)
def provide_fonts() -> frozenset[int]:
    """Make the fonts known to reportlab, once a process; the characters of the plain one."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    for name in (_CHINESE, _JAPANESE, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph)


def marked_up(text: str) -> str:
    """``text`` for a paragraph: escaped, with the font named where it isn't the usual one."""
    parts = []
    for font, part in _runs(text):
        shown = escape(part)
        parts.append(f'<font name="{font}">{shown}</font>' if font != PLAIN else shown)
    return "".join(parts)


def drawable(text: str) -> str:
    """``text`` for places that have one font only, such as the marks of a chart."""
    known = provide_fonts()
    return "".join(letter if ord(letter) in known else _BOX for letter in text)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    known = provide_fonts()
    for font, letters in groupby(((_font(ord(letter), known), letter) for letter in text), key=lambda pair: pair[0]):
        part = "".join(letter for _, letter in letters)
        yield (PLAIN, _BOX * len(part)) if font is None else (font, part)


def _font(code: int, known: frozenset[int]) -> str | None:
    if code in known:
        return PLAIN
    return next((font for low, high, font in _ASIAN if low <= code <= high), None)
