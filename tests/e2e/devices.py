"""The same journey at a desk and on a phone: what differs between the two is done here as each one's user does it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

#: The two widths at which every journey is walked: 390 and 1440 pixels.
SIZES: Final[Mapping[str, Any]] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 950}}
PROFILES: Final[Mapping[str, Mapping[str, Any]]] = {
    "phone": {"viewport": SIZES["phone"], "has_touch": True},
    "desk": {"viewport": SIZES["desk"]},
}


@dataclass(frozen=True)
class Device:
    """One page of a reader; ``size`` is a key of ``SIZES``."""

    page: Page
    size: str

    @property
    def is_phone(self) -> bool:
        return self.size == "phone"

    def press(self, control: Locator) -> None:
        if self.is_phone:
            control.tap()
        else:
            control.click()

    def choose_outcome(self, name: str) -> Locator:
        """The ticket, open for the outcome: a phone's is a sheet behind the bar at the foot of the window."""
        ticket = self.page.locator("#ticket")
        if self.is_phone:
            expect(ticket).to_be_hidden()
            self.press(self.page.locator(".ticket-bar").get_by_role("link", name=re.compile(f"^{name}")))
        else:
            self.press(ticket.locator("label", has_text=re.compile(rf"^\s*{name}\s")))
        expect(ticket.get_by_role("radio", name=re.compile(f"^{name}"))).to_be_checked()
        return ticket

    def close_ticket(self) -> None:
        """A desk's ticket stands beside the market and is always there."""
        if self.is_phone:
            self.press(self.page.get_by_role("button", name="Close", exact=True))
            expect(self.page.locator("#ticket")).to_be_hidden()

    def go_to_portfolio(self) -> None:
        """By the balance in the masthead: a phone's has no room for the word beside it."""
        self.press(self.page.locator(".masthead .balance"))
        expect(self.page.get_by_role("heading", name="Portfolio", exact=True)).to_be_visible()

    def choose_from_menu(self, name: str, *, handle: str) -> None:
        """``handle`` is whose menu it is: a desk's names its owner, a phone's is an arrow."""
        menu = self.page.locator("details.menu")
        expect(menu.get_by_text(handle, exact=True)).to_be_visible(visible=not self.is_phone)
        self.press(menu.locator("summary"))
        self.press(menu.locator(".menu-items").get_by_text(name, exact=True))

    def check_fits(self) -> None:
        """Nobody has to scroll sideways."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SIZES[self.size]["width"], self.page.url
