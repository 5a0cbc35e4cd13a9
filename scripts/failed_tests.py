"""Prints the tests that the last run of pytest left failed; ends with 1 for none, or too many to be chance."""

import json
import sys
from pathlib import Path
from typing import Final

KEPT: Final = Path(".pytest_cache/v/cache/lastfailed")
#: More than these aren't a matter of a busy machine.
CHANCE_MAX: Final = 5


def main() -> int:
    failed = sorted(json.loads(KEPT.read_text(encoding="utf-8"))) if KEPT.exists() else []
    print("\n".join(failed))
    return 0 if 0 < len(failed) <= CHANCE_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
