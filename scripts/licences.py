"""Which licence each locked package has: `licences.py` compares with docs/licences.md, `licences.py write` writes it.

Exit 1 when the product would ship under terms that oblige its users, or when the list is out of date.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs/licences.md"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)", re.MULTILINE)
#: What a classifier or a sentence of a package means, as SPDX writes it.
SPDX = {
    "MIT License": "MIT", "BSD License": "BSD-3-Clause", "BSD": "BSD-3-Clause", "BSD-3": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0", "ISC License (ISCL)": "ISC",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later", "3-Clause BSD License": "BSD-3-Clause",
}  # fmt: skip
#: May be shipped with the product. LGPL and MPL: used as they come, not changed, and anybody may exchange them.
ALLOWED = {
    "MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "ISC", "PSF-2.0", "ZPL-2.1",
    "Zlib", "CC0-1.0", "Unlicense", "TCL", "PostgreSQL", "MPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later",
}  # fmt: skip
#: Nobody gets these with the product.
TOOLS_ONLY = {"GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"}
#: Packages whose own words say less than their licence file does.
READ = {}
HEAD = """# Licences of what this product is made of

`make security` writes this list anew from the locks and compares; a licence that isn't allowed fails it
(`scripts/licences.py` holds what is). Versions are those of `requirements.txt` and `requirements-dev.txt`. Packages for
another operating system than Linux aren't here. `make deployable` writes the CycloneDX list of the image.
"""


def told(found: Distribution) -> str:
    """What a package says of itself, shortest first."""
    meta = found.metadata
    if expression := meta.get("License-Expression"):
        return expression
    classes = [text.rsplit(" :: ", 1)[1] for text in meta.get_all("Classifier") or [] if text.startswith("License :: ")]
    known = sorted({SPDX[text] for text in classes if text in SPDX})
    stated = (meta.get("License") or "").strip()
    if known:
        return " OR ".join(known)
    return SPDX.get(stated, stated.split("\n")[0][:60] or "UNKNOWN")


def rows(lock: str, done: frozenset[str] = frozenset()) -> dict[str, tuple[str, str]]:
    """Name to version and licence of each package of ``lock`` that is installed and isn't in ``done``."""
    found = {}
    for name, version in LOCKED.findall((ROOT / lock).read_text(encoding="utf-8")):
        if name in done:
            continue
        try:
            found[name] = (version, READ.get(name) or told(distribution(name)))
        except PackageNotFoundError:
            continue  # for another system
    return found


def parts(licence: str) -> set[str]:
    return set(re.split(r" (?:AND|OR|WITH) ", licence.replace("(", "").replace(")", "")))


def is_allowed(licence: str, allowed: set[str]) -> bool:
    """One of several that may be chosen is enough; of several that all hold each must be allowed."""
    if " AND " not in licence:
        return bool(parts(licence) & allowed)
    return parts(licence) <= allowed


def table(found: dict[str, tuple[str, str]]) -> str:
    lines = [f"| {name} | {version} | {licence} |" for name, (version, licence) in sorted(found.items())]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *lines])


def main(arguments: list[str]) -> int:
    product = rows("requirements.txt")
    tools = rows("requirements-dev.txt", frozenset(product))
    text = f"{HEAD}\n## In the product\n\n{table(product)}\n\n## Only for developing it\n\n{table(tools)}\n"
    if arguments == ["write"]:
        LIST.write_text(text, encoding="utf-8")
    bad = [f"{name}: {licence}" for name, (_, licence) in product.items() if not is_allowed(licence, ALLOWED)]
    bad += [
        f"{name}: {licence}" for name, (_, licence) in tools.items() if not is_allowed(licence, ALLOWED | TOOLS_ONLY)
    ]
    if not LIST.exists() or LIST.read_text(encoding="utf-8") != text:
        bad.append("docs/licences.md isn't what the locks say; run .venv/bin/python scripts/licences.py write")
    print(
        "\n".join(bad) or f"{len(product)} packages of the product, {len(tools)} tools: all allowed, list up to date."
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
