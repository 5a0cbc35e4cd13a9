"""Draw what the code says of a market's life and of the tables that money moves through, for docs/architecture.md.

pictures.py           writes docs/img/lifecycle.svg and docs/img/money.svg
pictures.py --check   exit 1 when a drawing isn't that of the code
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from django.apps import apps  # noqa: E402  Django has to be set up first
from django.db.models import ForeignKey, OneToOneField  # noqa: E402

from markets.engine.lifecycle import TRANSITIONS  # noqa: E402
from markets.types import MarketStatus  # noqa: E402

#: Where each status stands; a new one has to be given a place.
STATUSES: Final[dict[str, tuple[int, int]]] = {
    "draft": (20, 40), "open": (220, 40), "halted": (220, 150), "closed": (420, 40), "proposed": (620, 40),
    "disputed": (620, 150), "resolved": (820, 40), "void": (420, 250),
}  # fmt: skip
#: Columns from left to right; who stands left refers to who stands right.
TABLES: Final[tuple[tuple[str, ...], ...]] = (
    ("trading.Submission", "trading.Trade", "trading.LedgerEntry", "trading.Position"),
    ("trading.Order", "trading.LedgerTransfer", "trading.Account", "trading.MarketBook"),
    ("markets.Outcome", "markets.Market", "markets.MarketHead", "markets.MarketEvent"),
)
#: So many rows refer to these that they are named in the box instead of drawn.
NAMED: Final = ("markets.Market", "accounts.User")
BOX_W, BOX_H, WIDE, TALL, STEP_X, STEP_Y = 130, 44, 230, 70, 300, 100
STYLE: Final = (
    "<style>path{fill:none;stroke:#7c8aa5;stroke-width:1.5}rect{fill:#e8ecfa;stroke:#4051b5}"
    "text{font:15px sans-serif;text-anchor:middle;fill:#1b1f24}.s{font-size:12px;fill:#5b6b86}"
    "#a path{fill:#7c8aa5;stroke:none}</style>"
    '<defs><marker id="a" orient="auto" markerWidth="8" markerHeight="8" refX="6" refY="4">'
    '<path d="M0 0L8 4L0 8z"/></marker></defs>'
)
Point = tuple[int, int]


def picture(title: str, width: int, height: int, parts: Iterator[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{title}</title>\n{STYLE}'
    return "\n".join([head, *parts, "</svg>\n"])


def arrow(x: int, y: int, u: int, v: int, label: str = "", *, by: Point = (0, 0)) -> str:
    """A straight one; its label stands ``by`` its middle."""
    line = f'<path d="M{x} {y}L{u} {v}" marker-end="url(#a)"/>'
    middle = f'x="{(x + u) // 2 + by[0]}" y="{(y + v) // 2 + by[1]}"'
    return line + (f'<text class="s" {middle}>{label}</text>' if label else "")


def lifecycle() -> str:
    """Statuses and the actions that lead from one to another."""
    assert set(STATUSES) == {status.value for status in MarketStatus}, "each status has a place"

    def parts() -> Iterator[str]:
        for (action, source), transition in TRANSITIONS.items():
            if action.value != "void":
                yield step(source.value, transition.target.value, action.value)
        voids = [source.value for (action, source) in TRANSITIONS if action.value == "void"]
        yield f'<text class="s" x="485" y="318">void leads here from {", ".join(voids)}</text>'
        for name, (x, y) in STATUSES.items():
            yield f'<rect x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="20"/>'
            yield f'<text x="{x + BOX_W // 2}" y="{y + 28}">{name}</text>'

    return picture("A market's statuses and the actions between them", 970, 340, parts())


def step(source: str, target: str, action: str) -> str:
    (x, y), (u, v) = STATUSES[source], STATUSES[target]
    if y == v:
        return arrow(x + BOX_W, y + BOX_H // 2, u - 2, v + BOX_H // 2, action, by=(-2, -8))
    if x == u:
        # Down on the left, up on the right.
        side = x + BOX_W // 4 if v > y else x + 3 * BOX_W // 4
        begin, end = (y + BOX_H, v - 2) if v > y else (y, v + BOX_H + 2)
        return arrow(side, begin, side, end, action, by=(-28 if v > y else 30, 4))
    begin, end = (x + BOX_W, y + BOX_H // 2), (u + BOX_W // 3, v + BOX_H + 2)
    line = f'<path d="M{begin[0]} {begin[1]}Q{end[0]} {begin[1]} {end[0]} {end[1]}" marker-end="url(#a)"/>'
    return f'{line}<text class="s" x="{end[0] + 8}" y="{begin[1] + 4}">{action}</text>'


def money() -> str:
    """The tables that money moves through, and what each refers to."""
    places = {
        name: (20 + STEP_X * column, 20 + STEP_Y * row)
        for column, names in enumerate(TABLES)
        for row, name in enumerate(names)
    }

    def parts() -> Iterator[str]:
        for name, place in places.items():
            for target in references(name):
                if target in places and target not in (name, *NAMED):
                    yield refers(place, places[target])
        for name, place in places.items():
            yield box(name, place)

    width, height = 20 + STEP_X * (len(TABLES) - 1) + WIDE + 20, 20 + STEP_Y * max(map(len, TABLES))
    return picture("The tables that money moves through, and what a row refers to", width, height, parts())


def box(name: str, place: Point) -> str:
    model, (x, y) = apps.get_model(name), place
    named = [one.partition(".")[2] for one in references(name) if one in NAMED]
    middle = x + WIDE // 2
    return "".join([
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}" rx="8"/>',
        f'<text x="{middle}" y="{y + 23}">{model.__name__}</text>',
        f'<text class="s" x="{middle}" y="{y + 41}">{model._meta.db_table}</text>',
        f'<text class="s" x="{middle}" y="{y + 58}">of a {", a ".join(named)}</text>' if named else "",
    ])  # fmt: skip


def references(name: str) -> list[str]:
    fields: list[Any] = [
        field for field in apps.get_model(name)._meta.get_fields() if isinstance(field, ForeignKey | OneToOneField)
    ]
    return sorted({field.related_model._meta.label for field in fields})


def refers(source: Point, target: Point) -> str:
    (x, y), (u, v) = source, target
    return arrow(x + WIDE, y + TALL // 2, u - 2, v + TALL // 2)


PICTURES: Final = {"lifecycle": lifecycle, "money": money}


def main() -> int:
    stale = []
    for name, draw in PICTURES.items():
        path, text = ROOT / "docs" / "img" / f"{name}.svg", draw()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/img/{name}.svg")
    if stale:
        print(f"{', '.join(stale)}: not what the code says; run make graph")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
