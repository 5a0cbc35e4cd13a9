"""The fonts of pictures: letters that one lacks are drawn with the next.

Contract   DejaVu Sans first, then Korean, Chinese and Japanese of Droid Sans Fallback, and emoji of Symbola, all in
           ``common/fonts``: a picture is the same on every machine. To what none of them has, ``knows`` says no.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from django.conf import settings
from PIL import ImageDraw, ImageFont, features

_NAMES: Final = {
    False: ("DejaVuSans.ttf", "MarketHangul.ttf", "DroidSansFallbackFull.ttf", "SymbolaEmoji.ttf"),
    True: ("DejaVuSans-Bold.ttf", "MarketHangul.ttf", "DroidSansFallbackFull.ttf", "SymbolaEmoji.ttf"),
}
#: Joined letters and lines from right to left need a library that may be away.
_SHAPED: Final = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0xFB1D, 0xFEFC))
#: How an emoji is meant to look, and the colour of a skin: marks of the emoji before, which is drawn in ink.
_MANNERS: Final = ((0xFE00, 0xFE0F), (0x1F3FB, 0x1F3FF))
_NOTHING: Final = "\U0010fffd"

Font = ImageFont.FreeTypeFont


class Face:
    """One size and weight of all fonts."""

    def __init__(self, size: int, *, is_bold: bool = False) -> None:
        folder = settings.BASE_DIR / "common" / "fonts"
        self._fonts = tuple(ImageFont.truetype(str(folder / name), size) for name in _NAMES[is_bold])
        self._ascent = self._fonts[0].getmetrics()[0]
        self._boldness = size // 40 if is_bold else 0

    def length(self, text: str) -> float:
        return sum(font.getlength(part) for font, part in self._runs(text))

    def write(self, pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, fill: str) -> None:
        """``place`` is the upper left corner of the line."""
        self.write_on(pen, (place[0], place[1] + self._ascent), text, fill)

    def write_on(self, pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, fill: str) -> None:
        """``place`` is the left end of the line that letters stand on."""
        left, base = place
        for font, part in self._runs(text):
            # The one with Chinese has no bold letters of its own.
            stroke = self._boldness if font is self._fonts[2] else 0
            pen.text((left, base), part, font=font, fill=fill, anchor="ls", stroke_width=stroke, stroke_fill=fill)
            left += font.getlength(part)

    def _runs(self, text: str) -> Iterator[tuple[Font, str]]:
        for index, letters in groupby(text, key=lambda letter: _index(letter) or 0):
            yield self._fonts[index], "".join(letters)


@lru_cache(maxsize=32)
def face(size: int, *, is_bold: bool = False) -> Face:
    return Face(size, is_bold=is_bold)


def knows(letter: str) -> bool:
    """Whether a font has it: what none has would be drawn as an empty box."""
    point = ord(letter)
    if any(low <= point <= high for low, high in _MANNERS):
        return False
    if any(low <= point <= high for low, high in _SHAPED) and not _can_shape():
        return False
    return _index(letter) is not None


@lru_cache(maxsize=8_192)
def _index(letter: str) -> int | None:
    """The first font that has the letter."""
    for index in range(len(_NAMES[True])):
        if letter == " " or _drawn(letter, index) != _drawn(_NOTHING, index):
            return index
    return None


@lru_cache(maxsize=1)
def _can_shape() -> bool:
    return bool(features.check_feature("raqm")) and bool(features.check_feature("fribidi"))


def _drawn(letter: str, index: int) -> tuple[tuple[int, int], bytes]:
    mask = face(30, is_bold=True)._fonts[index].getmask(letter)
    return mask.size, bytes(mask)
