"""From measurement to pixel: how old a value is when Chromium has painted it on the performance dashboard.

Run `python -m benchmarks.monitoring_pixel [--quick]`: servers, a web server and a browser of its own.
A frame's second is when the processes measured; it counts as shown when the picture with all its numbers and charts
is painted: the second animation frame after the page wrote them.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.__main__ import Row
from benchmarks.monitoring_metrics import share
from benchmarks.stack import Stack

FRAMES: Final = 60
P95_S_MAX: Final = 1.5
#: The first frames fall into the page's own start.
WARM: Final = 5
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_WATCH: Final = """
addEventListener("DOMContentLoaded", () => {
  window.painted = [];
  const page = document.getElementById("ops");
  const painted = (seq) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const text = document.querySelector("[data-metric=cpu_usage] [data-number]").textContent;
    window.painted.push([seq, Date.now() / 1000 - seq, text]);
  }));
  new MutationObserver(() => painted(Number(page.dataset.seq))).observe(page, { attributeFilter: ["data-seq"] });
});
"""


def rows(call: Callable[..., Any], port: int, *, frames: int = FRAMES) -> list[Row]:
    """``call`` runs ``benchmarks.pixel_jobs``; the web server at ``port`` measures itself each second."""
    cookie = call("watcher")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 950})
        context.add_cookies([{**cookie, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(f"http://127.0.0.1:{port}/operations/")
        seen = painted(page, frames)
        browser.close()
    ages = [age for _, age, _ in seen]
    missed = seen[-1][0] - seen[0][0] + 1 - len(seen)
    assert len({text for _, _, text in seen}) > len(seen) / 10, "the numbers did not move"
    return [
        Row(
            f"from measurement to pixel, {len(seen)} s in Chromium",
            f"p95 {share(ages, 0.95):.2f} s, median {share(ages, 0.5):.2f} s, {missed:.0f} seconds not painted",
            share(ages, 0.95),
            P95_S_MAX,
            is_ceiling=True,
        )
    ]


def painted(page: Page, frames: int) -> list[tuple[float, float, str]]:
    """(second, age in seconds when painted, text of the CPU card) of each frame."""
    until = time.monotonic() + 3 * (frames + WARM) + 20
    seen: list[Any] = []
    while len(seen) < frames + WARM:
        assert time.monotonic() < until, f"only {len(seen)} frames were painted"
        page.wait_for_timeout(500)
        seen = page.evaluate("window.painted")
    return [(seq, age, text) for seq, age, text in seen[WARM:]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a third of the frames")
    frames = FRAMES // 3 if parser.parse_args().quick else FRAMES
    with tempfile.TemporaryDirectory(prefix="om-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as directory:
        stack = Stack(Path(directory))

        def call(job: str, **arguments: Any) -> Any:
            return stack.call(job, module="benchmarks.pixel_jobs", **arguments)

        try:
            stack.start()
            stack.call("migrate", module="benchmarks.monitoring_jobs")
            with stack.web() as port:
                found = rows(call, port, frames=frames)
        finally:
            stack.stop()
    for row in found:
        print(json.dumps(row.cells()))
    return 0 if all(row.is_met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
