"""The capacity model: `python -m scripts.capacity measure` measures what things cost and writes docs/capacity.json and
docs/capacity.md; with `hearing` only what Redis pays for each process that hears of a commit, the rest is kept;
`python -m scripts.capacity` computes the guide anew from what was measured.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.capacity.document import MEASURED, write
from scripts.capacity.hearing import ms_per_hearing
from scripts.capacity.measure import measure


def measured(what: str, directory: Path) -> dict[str, Any]:
    if what == "measure":
        return measure(directory)
    known: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    known["units"]["redis_ms_per_hearing"] = round(ms_per_hearing(directory / "hearing"), 5)
    return known


def main() -> None:
    if sys.argv[1:] in (["measure"], ["hearing"]):
        directory = Path(tempfile.mkdtemp(prefix="om-scale-"))
        directory.chmod(0o755)
        try:
            document = measured(sys.argv[1], directory)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        MEASURED.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    write()


if __name__ == "__main__":
    main()
