"""What the pages weigh on the wire, how browsers keep their files, and how far anything jumps while they load.

Bytes are those that came over the network, packed and with their headers, as the browser counts them.
"""

from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.quality.conftest import Profile, visit

pytestmark = [pytest.mark.quality, pytest.mark.timeout(300)]
FIRST_MAX: Final = 150_000
LATER_MAX: Final = 30_000
SHIFT_MAX: Final = 0.02
MARKET: Final = "/markets/rain"
#: How far, and what was where before and after.
_SHIFTS: Final = """
  window.shifts = [];
  const told = ({ node, previousRect, currentRect }) => [
    node?.id || node?.className || node?.textContent?.trim().slice(0, 40),
    ...[previousRect, currentRect].flatMap(({ x, y, width, height }) => [x, y, width, height].map(Math.round)),
  ].join(" ");
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(told)]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


def _load(page: Page, context: BrowserContext, path: str) -> tuple[int, list[str]]:
    """Bytes of everything that was sent for the page, and the files that may not be kept for good."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    total, short = [0], []

    def finished(event: dict[str, Any]) -> None:
        total[0] += int(event["encodedDataLength"])

    def received(event: dict[str, Any]) -> None:
        answer = event["response"]
        kept = {name.lower(): value for name, value in answer["headers"].items()}.get("cache-control", "")
        if "/static/" in answer["url"] and "immutable" not in kept:
            short.append(answer["url"])

    session.on("Network.loadingFinished", finished)
    session.on("Network.responseReceived", received)
    visit(page, path)
    page.wait_for_load_state("networkidle")
    session.detach()
    return total[0], short


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("handle", ["", "bob"])
def test_the_market_page_is_light_and_lighter_when_seen_before(profile: Profile, handle: str, width: int) -> None:
    signed_in = profile(handle)
    # With the session, and without a single file of the pages that were seen on the way.
    context = profile(storage_state=signed_in.storage_state(), viewport={"width": width, "height": 900})
    page = context.new_page()
    first, short = _load(page, context, MARKET)
    later, _ = _load(page, context, MARKET)
    assert short == []
    assert (first < FIRST_MAX, later < LATER_MAX) == (True, True), (first, later)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_a_page_loads(profile: Profile, width: int) -> None:
    context = profile("bob", viewport={"width": width, "height": 900})
    context.add_init_script(_SHIFTS)
    page = context.new_page()
    for path in ("/", MARKET, "/markets/cup", "/portfolio"):
        visit(page, path)
        page.wait_for_load_state("networkidle")
        shifts = page.evaluate("window.shifts")
        assert sum(value for value, *_ in shifts) < SHIFT_MAX, (path, shifts)
