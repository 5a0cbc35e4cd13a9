"""Write the import graph of the apps to docs/imports.dot, where the weight is the number of imports, and draw it.

graph.py           writes docs/imports.dot and docs/img/apps.svg
graph.py --check   exit 1 when the drawing isn't that of the code
"""

import sys
from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PICTURE = ROOT / "docs/img/apps.svg"
APPS = ("opinion_market", "demo", "alerting", "analytics", "monitoring", "trading", "markets", "accounts", "common")


#: Of the drawing, in pixels.
STEP, LEFT, WIDTH, BOX = 64, 20, 190, 38


def edges() -> Counter[tuple[str, str]]:
    """How many imports lead from an app to another."""
    graph, found = grimp.build_graph(*APPS), Counter[tuple[str, str]]()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = module.split(".")[0], imported.split(".")[0]
            if pair[0] != pair[1]:
                found[pair] += 1
    return found


def drawn(pairs: set[tuple[str, str]]) -> str:
    """The apps from the highest to the lowest; an arc for each one that imports another, down only."""
    parts = []
    for source, target in sorted(pairs):
        first, last = (STEP * APPS.index(name) + STEP // 2 for name in (source, target))
        reach = LEFT + WIDTH + 30 + (last - first) // 3
        x = LEFT + WIDTH
        parts.append(f'<path d="M{x} {first}C{reach} {first} {reach} {last} {x + 6} {last}" marker-end="url(#a)"/>')
    for number, name in enumerate(APPS):
        y = STEP * number + (STEP - BOX) // 2
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{BOX}" rx="8"/>')
        parts.append(f'<text x="{LEFT + WIDTH // 2}" y="{y + 24}">{name}</text>')
    height = STEP * len(APPS)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="440" height="{height}" viewBox="0 0 440 {height}" role="img">',
        "<title>Which app imports which: arrows lead down only</title>",
        "<style>path{fill:none;stroke:#7c8aa5;stroke-width:1.5}rect{fill:#e8ecfa;stroke:#4051b5}"
        "text{font:15px sans-serif;text-anchor:middle;fill:#1b1f24}#a path{fill:#7c8aa5;stroke:none}</style>",
        '<defs><marker id="a" orient="auto" markerWidth="8" markerHeight="8" refX="6" refY="4">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>',
        *parts,
        "</svg>\n",
    ])  # fmt: skip


def main() -> int:
    found = edges()
    picture = drawn(set(found))
    if "--check" in sys.argv:
        if PICTURE.read_text(encoding="utf-8") != picture:
            print("docs/img/apps.svg isn't what the code imports; run make graph")
            return 1
        return 0
    lines = [f'  "{source}" -> "{target}" [label={count}];' for (source, target), count in sorted(found.items())]
    (ROOT / "docs/imports.dot").write_text("digraph imports {\n  rankdir=TB;\n" + "\n".join(lines) + "\n}\n")
    PICTURE.write_text(picture, encoding="utf-8")
    print("Wrote docs/imports.dot and docs/img/apps.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
