"""Who comes with the crowd, on the benchmark's own servers; runs inside Django."""

import json
import sys
from typing import Any

from scripts.load.people import people


def keys(*, traders: int) -> dict[str, Any]:
    """What ``make load KEYS=...`` reads."""
    return people(traders)


if __name__ == "__main__":
    print(json.dumps({"keys": keys}[sys.argv[1]](**json.loads(sys.argv[2]))))
