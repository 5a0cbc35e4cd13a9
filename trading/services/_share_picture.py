"""The picture that other sites show beside a link to a market: 1200 x 630, as they all want it.

Contract   Pure but for the fonts that it reads. The same facts give the same bytes. What no font can show is left
           out; a question of which too little is left is left to the words beside the picture.
Why        Drawn by Pillow, which reports bring along: networks take no SVG. Workers import it, web processes never.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from trading.engine.share_facts import ShareFacts
from trading.engine.share_text import showable, wrapped
from trading.services._share_fonts import face, knows

SIZE: Final = (1200, 630)
_LEFT: Final = 72
_RIGHT: Final = SIZE[0] - _LEFT
_PAPER, _SURFACE, _LINE = "#faf9f6", "#ffffff", "#e3dfd6"
_INK, _INK_2, _YES, _YES_SOFT = "#1b1a18", "#5b5852", "#1d5bb4", "#e8f0fb"
_SERIES: Final = ("#1d5bb4", "#a4480a", "#0f766e")
#: Sizes of the question with how many lines of it there is room for.
_STEPS: Final = ((60, 3), (50, 4), (42, 4))
_HEADLINES: Final = (120, 84, 56, 40, 28)
_CHART: Final = (560, 360, _RIGHT, 540)
_PPM: Final = 1_000_000


def draw_picture(facts: ShareFacts) -> bytes:
    """A PNG of a few tens of kilobytes."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 12), fill=_YES)
    _draw_masthead(pen, facts)
    _draw_question(pen, facts.question)
    if facts.bars:
        _draw_bars(pen, facts.bars)
    else:
        _draw_price(pen, facts)
        _draw_chart(pen, facts.line)
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_masthead(pen: ImageDraw.ImageDraw, facts: ShareFacts) -> None:
    face(30, is_bold=True).write(pen, (_LEFT, 44), "Opinion Market", _INK)
    note = face(26)
    note.write(pen, (_RIGHT - note.length(facts.note), 44), facts.note, _INK_2)
    pen.line((_LEFT, 98, _RIGHT, 98), fill=_LINE, width=2)
    face(24).write(pen, (_LEFT, SIZE[1] - 66), facts.address, _INK_2)


def _draw_question(pen: ImageDraw.ImageDraw, question: str) -> None:
    shown = showable(question, knows)
    for size, lines_max in _STEPS:
        bold = face(size, is_bold=True)
        lines, is_whole = wrapped(shown, _RIGHT - _LEFT, lines_max, bold.length)
        if is_whole or size == _STEPS[-1][0]:
            break
    for number, line in enumerate(lines):
        bold.write(pen, (_LEFT, 124 + number * size * 1.22), line, _INK)


def _draw_price(pen: ImageDraw.ImageDraw, facts: ShareFacts) -> None:
    width = _CHART[0] - _LEFT - 32 if facts.line else _RIGHT - _LEFT
    size = _fitting(facts.headline, width, _HEADLINES)
    headline = showable(facts.headline, knows)
    face(size, is_bold=True).write_on(pen, (_LEFT, 478), headline, _YES)
    # Below the longest tails of letters of this size.
    face(28).write(pen, (_LEFT, 484 + size * 0.24), showable(facts.label, knows), _INK_2)


def _draw_chart(pen: ImageDraw.ImageDraw, points: Sequence[tuple[int, int]]) -> None:
    """A line in steps: a price stays what it is until the next trade."""
    if len(points) < 2 or points[-1][0] <= 0:
        return
    left, top, right, bottom = _CHART
    prices = [price for _, price in points]
    low, high = max(min(prices) - 40_000, 0), min(max(prices) + 40_000, _PPM)
    at: Callable[[int], float] = lambda price: bottom - (price - low) / max(high - low, 1) * (bottom - top)  # noqa: E731
    drawn: list[tuple[float, float]] = []
    for x, price in points:
        across = left + min(x, points[-1][0]) / points[-1][0] * (right - left)
        drawn += [(across, drawn[-1][1]), (across, at(price))] if drawn else [(across, at(price))]
    pen.polygon([*drawn, (right, bottom), (left, bottom)], fill=_YES_SOFT)
    pen.line(drawn, fill=_YES, width=5, joint="curve")
    pen.line((left, bottom, right, bottom), fill=_LINE, width=2)
    end = drawn[-1]
    pen.ellipse((end[0] - 8, end[1] - 8, end[0] + 8, end[1] + 8), fill=_YES)
    face(22).write(pen, (left, bottom + 8), "7 days", _INK_2)


def _draw_bars(pen: ImageDraw.ImageDraw, bars: Sequence[tuple[str, int]]) -> None:
    """The likeliest outcomes, each with its chance."""
    plain, bold = face(30), face(30, is_bold=True)
    for number, (name, price) in enumerate(bars):
        top = 372 + number * 58
        lines, _ = wrapped(showable(name, knows) or f"Outcome {number + 1}", 480, 1, plain.length)
        plain.write(pen, (_LEFT, top), lines[0], _INK)
        pen.rounded_rectangle((580, top + 4, 1_000, top + 36), 6, fill=_LINE)
        width = max(round(420 * price / _PPM), 8)
        pen.rounded_rectangle((580, top + 4, 580 + width, top + 36), 6, fill=_SERIES[number])
        chance = _percent(price)
        bold.write(pen, (_RIGHT - bold.length(chance), top), chance, _INK)


def _percent(price: int) -> str:
    return f"{(price + 5_000) // 10_000}%"


def _fitting(text: str, width: float, sizes: Sequence[int]) -> int:
    return next((size for size in sizes if face(size, is_bold=True).length(text) <= width), sizes[-1])
