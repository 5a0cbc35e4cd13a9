"""From measurement to pixel: how old a value is when Chromium has painted it on the performance dashboard.

A frame's second is when the processes measured; it counts as shown when the picture with all its numbers and charts
is painted: the second animation frame after the page wrote them.
"""

import os
import shutil
import time
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.monitoring_metrics import share
from benchmarks.report import Row
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


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    stack.call("migrate", module="benchmarks.monitoring_jobs")
    with stack.web() as port:
        return measure(stack, port, FRAMES // 3 if is_quick else FRAMES)


def measure(stack: Stack, port: int, frames: int) -> list[Row]:
    """The web server at ``port`` measures itself each second."""
    cookie = stack.call("watcher", module="benchmarks.pixel_jobs")
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
