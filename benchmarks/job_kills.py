"""Kill workers of jobs, count what is left in limbo: `python -m benchmarks.job_kills [--kills 1000]`."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.stack import Stack


def measure(stack: Stack, *, kills: int, runners: int = 3, seed: int = 7) -> dict[str, Any]:
    """What ``benchmarks.job_killing.kill_workers`` found, on a stack that runs."""
    data_dir = str(stack.home / "jobs")
    found: dict[str, Any] = stack.call(
        "kill_workers", module="benchmarks.job_killing", kills=kills, runners=runners, seed=seed, data_dir=data_dir
    )
    return found


def is_good(found: dict[str, Any]) -> bool:
    return not found["mistakes"] and found["limbo_s_max"] <= found["limbo_s_allowed"] and found["struck"] > 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--runners", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    stack = Stack(Path(tempfile.mkdtemp(prefix="om-kills-")))
    try:
        stack.start()
        found = measure(stack, kills=options.kills, runners=options.runners, seed=options.seed)
    finally:
        stack.stop()
    print(json.dumps(found, indent=2))
    return 0 if is_good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
