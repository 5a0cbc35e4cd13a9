"""Kill what evaluates, tells and sends alerts at every step; by hand: `python -m benchmarks.alert_kills`."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Row
from benchmarks.stack import Stack

MESSAGES: Final = 10_000
QUICK_MESSAGES: Final = 500
#: Of the steps that a message takes, so many end in death.
SHARE: Final = 0.003


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    found = measure(stack, messages=QUICK_MESSAGES if is_quick else MESSAGES, share=0.01 if is_quick else SHARE)
    said = f"{found['messages']:,} alerts, {found['deaths']} kills at {len(found['steps'])} steps"
    lost = found["lost"] + found["undelivered"]
    extra = sum(max(found[what] - found["messages"], 0) for what in ("alerts", "transitions", "queued"))
    return [
        Row(f"{said}: lost or never delivered", str(lost), float(lost), 0.0, is_ceiling=True),
        Row("the same: alerts, transitions or messages too many", str(extra), float(extra), 0.0, is_ceiling=True),
        Row(
            "the same: sent again with the same key, against kills right after the receiver's yes and time-outs",
            f"{found['repeated']}; {found['kills_that_may_repeat']} kills, {found['unanswered']} time-outs",
            float(found["repeated"]),
            float(_may_repeat(found)),
            is_ceiling=True,
        ),
    ]


def measure(stack: Stack, *, messages: int, share: float, seed: int = 7) -> dict[str, Any]:
    """What ``benchmarks.alert_killing.kill_all`` found, on a stack that runs."""
    home = str(stack.home / "alerts")
    found: dict[str, Any] = stack.call(
        "kill_all", module="benchmarks.alert_killing", messages=messages, share=share, seed=seed, home=home
    )
    return found


def is_good(found: dict[str, Any]) -> bool:
    once = found["alerts"] == found["transitions"] == found["queued"] == found["messages"]
    return once and not found["lost"] and not found["undelivered"] and found["repeated"] <= _may_repeat(found)


def _may_repeat(found: dict[str, Any]) -> int:
    return int(found["kills_that_may_repeat"] + found["unanswered"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    stack = Stack(Path(tempfile.mkdtemp(prefix="om-alert-kills-", dir="/var/tmp")))
    try:
        stack.start()
        found = measure(stack, messages=options.messages, share=options.share, seed=options.seed)
    finally:
        stack.stop()
    print(json.dumps(found, indent=2))
    return 0 if is_good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
