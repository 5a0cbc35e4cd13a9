"""Kill workers of jobs, count what is left in limbo; with --kills N by hand: `python -m benchmarks.job_kills`."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Row
from benchmarks.stack import Stack

KILLS: Final = 1_000
QUICK_KILLS: Final = 50


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    found = measure(stack, kills=QUICK_KILLS if is_quick else KILLS)
    what = f"{found['kills']:,} workers of background jobs killed, {found['struck']:,} of them at work"
    limbo, allowed, wrong = found["limbo_s_max"], found["limbo_s_allowed"], len(found["mistakes"])
    return [
        Row(
            f"{what}: longest limbo against lease + 5 s",
            f"{found['jobs']:,} jobs, none in limbo longer than {limbo:.1f} s",
            limbo / allowed,
            1.0,
            is_ceiling=True,
        ),
        Row(
            "the same: jobs that ended twice, not at all, or with effects twice",
            str(wrong),
            float(wrong),
            0.0,
            is_ceiling=True,
        ),
    ]


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
