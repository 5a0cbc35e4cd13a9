"""Colours are decided in one file; this reads it and computes the contrast of every pair that carries text."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "static"
_TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in _TOKEN.findall((STATIC / "css" / "tokens.css").read_text())}
GROUNDS = ("paper", "surface", "surface-2")
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "ink-2", "link", "yes", "no", "error", "good") for ground in GROUNDS),
    ("yes", "yes-soft"), ("no", "no-soft"), ("warn", "warn-soft"), ("error", "error-soft"), ("good", "good-soft"),
    ("ink", "warn-soft"), ("ink", "error-soft"), ("ink", "good-soft"), ("paper", "ink"),
    ("on-solid", "yes-solid"), ("on-solid", "no-solid"),
    ("surface", "warn"), ("surface", "error"), ("paper", "warn"), ("paper", "error"),
]  # fmt: skip
#: Borders of controls, focus rings and chart lines: 3 to 1 (WCAG 1.4.11).
SHAPE_PAIRS = [("line-strong", "surface"), ("focus", "paper"), *((f"series-{n}", "surface") for n in range(1, 7))]


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_has_aa_contrast(text: str, ground: str, scheme: int) -> None:
    assert _contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_have_contrast(shape: str, ground: str, scheme: int) -> None:
    assert _contrast(TOKENS[shape][scheme], TOKENS[ground][scheme]) >= 3


def test_colours_are_decided_in_one_place() -> None:
    others = [path for path in (STATIC / "css").rglob("*.css") if path.name != "tokens.css"]
    assert len(others) > 5
    # A scannable code is black on white in every scheme.
    texts = {path.name: path.read_text().replace("background: #fff;", "") for path in others}
    assert [name for name, text in texts.items() if re.search(r"#[0-9a-f]{3,8}\b|rgb\(", text)] == []


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"--([a-z0-9-]+):", (STATIC / "css" / "tokens.css").read_text()))
    texts = [path.read_text() for path in (STATIC / "css").rglob("*.css")]
    used = {name for text in texts for name in re.findall(r"var\(--([a-z0-9-]+)", text)}
    assert used - declared == set()
