"""Readers, traders, bots and dashboards at once, as `make load` sends them, against the server of `make up`."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.report import Row, say
from benchmarks.stack import PROJECT, Stack

USERS: Final = 60
#: What is shown of each kind of caller.
_SHOWN: Final = (
    "GET /",
    "GET /markets/SLUG",
    "GET /api/v1/markets/ID/book",
    "POST /api/v1/orders",
    "DELETE /api/v1/orders/ID",
    "hear /ws/v1/stream",
    "GET /api/v1/advanced-dashboard/dashboard/summary",
)
_Line = dict[str, str]


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    stack.call("prepare", markets=20)
    keys = stack.directory / "keys.json"
    keys.write_text(json.dumps(stack.call("keys", module="benchmarks.crowd_jobs", traders=USERS)))
    with stack.web() as port:
        lines = _send(port, keys, stack.directory, seconds=10 if is_quick else 60)
    total = lines["Aggregated"]
    failures = int(total["Failure Count"])
    asked = sum(float(line["Requests/s"]) for line in lines.values() if line["Type"] not in ("", "WS"))
    return [
        Row(f"{USERS} callers: requests", f"{asked:,.0f}/s"),
        Row("requests and sockets that failed", f"{failures} of {int(total['Request Count']):,}", failures, 0, True),
        *(Row(name, _figure(lines[name])) for name in _SHOWN),
    ]


def _send(port: int, keys: Path, directory: Path, *, seconds: int) -> dict[str, _Line]:
    say(f"{USERS} callers for {seconds} s")
    command = [
        sys.executable, "-m", "locust", "-f", "scripts/load/scenarios.py", "--headless", "--only-summary",
        "--host", f"http://127.0.0.1:{port}", "--users", str(USERS), "--spawn-rate", "20",
        "--run-time", f"{seconds}s", "--csv", str(directory / "crowd"),
    ]  # fmt: skip
    environment = os.environ | {"LOAD_KEYS": str(keys)}
    subprocess.run(command, cwd=PROJECT, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    with (directory / "crowd_stats.csv").open(encoding="utf-8") as file:
        return {line["Name"]: line for line in csv.DictReader(file)}


def _figure(line: _Line) -> str:
    return f"{float(line['Requests/s']):,.1f}/s, p50 {line['50%']} ms, p95 {line['95%']} ms, p99 {line['99%']} ms"
