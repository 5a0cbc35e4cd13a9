"""A passkey in a real browser, with an authenticator that the browser plays itself."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import NewContext, Site, sign_in
from tests.e2e.seed import PASSWORD

pytestmark = pytest.mark.e2e


def _with_authenticator(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def _confirm(page: Page) -> None:
    """What changes the protection of an account asks once more."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_a_passkey_is_added_opens_the_account_alone_and_is_removed(new_context: NewContext, site: Site) -> None:
    # An address of numbers can have no passkeys.
    url = site.url.replace("127.0.0.1", "localhost")
    page = new_context(base_url=url).new_page()
    session = _with_authenticator(page)
    sign_in(page, "kim")
    page.goto("/accounts/settings/")
    page.get_by_role("link", name="Add a passkey").click()
    _confirm(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/accounts/2fa/")
    expect(page.locator("#passkeys")).to_contain_text("My laptop")

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/portfolio")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("kim")
    expect(page).to_have_url(f"{url}/portfolio")

    # With the password it is the second factor.
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("Handle or e-mail").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("kim")

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Remove My laptop").click()
    _confirm(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#passkeys")).to_contain_text("None.")
    session.detach()
