"""Write the import graph of the apps to docs/imports.dot: one node an app, the weight is the number of imports."""

import sys
from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

APPS = ("opinion_market", "demo", "alerting", "analytics", "monitoring", "trading", "markets", "accounts", "common")


def main() -> None:
    graph = grimp.build_graph(*APPS)
    edges: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = module.split(".")[0], imported.split(".")[0]
            if pair[0] != pair[1]:
                edges[pair] += 1
    lines = [f'  "{source}" -> "{target}" [label={count}];' for (source, target), count in sorted(edges.items())]
    target = ROOT / "docs" / "imports.dot"
    target.parent.mkdir(exist_ok=True)
    target.write_text("digraph imports {\n  rankdir=TB;\n" + "\n".join(lines) + "\n}\n")
    print(f"Wrote {target}")


if __name__ == "__main__":
    main()
