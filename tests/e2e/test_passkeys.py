"""Second factors in a real browser: a passkey, which the browser plays itself, and the codes of an app."""

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.devices import Device
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


def _give_password(device: Device, handle: str) -> None:
    device.page.get_by_label("Handle or e-mail").fill(handle)
    device.page.get_by_label("Password").fill(PASSWORD)
    device.press(device.page.locator("main").get_by_role("button", name="Sign in", exact=True))


def _confirm(device: Device) -> None:
    """What changes the protection of an account asks once more."""
    device.page.get_by_label("Password").fill(PASSWORD)
    device.press(device.page.get_by_role("button", name="Confirm"))


def _code(secret: str) -> str:
    """What the app shows now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    number = int.from_bytes(digest[digest[-1] & 15 :][:4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def _type_code(device: Device, secret: str, button: str) -> None:
    """A code that has gone out of date on its way is refused; then the next one is typed, as people do."""
    page, before = device.page, device.page.url
    for _ in range(3):
        page.get_by_label("Code").fill(_code(secret))
        with page.expect_navigation():
            device.press(page.get_by_role("button", name=button, exact=True))
        if page.url != before:
            return
    pytest.fail(f"no code was taken at {page.url}: {page.get_by_role('alert').all_inner_texts()}")


def test_a_passkey_is_added_opens_the_account_alone_and_is_removed(device: Device, site: Site) -> None:
    # An address of numbers can have no passkeys.
    url = site.url.replace("127.0.0.1", "localhost")
    page, handle = device.page, f"kim_{device.size}"
    session = _with_authenticator(page)
    page.goto(f"{url}/accounts/login/")
    _give_password(device, handle)
    device.choose_from_menu("Settings", handle=handle)
    device.press(page.get_by_role("link", name="Add a passkey"))
    _confirm(device)
    page.get_by_label("Name").fill("My laptop")
    device.press(page.get_by_role("button", name="Make the passkey"))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{url}/accounts/2fa/")
    expect(page.locator("#passkeys")).to_contain_text("My laptop")
    device.check_fits()

    page.context.clear_cookies()
    page.goto(f"{url}/accounts/login/?next=/portfolio")
    device.press(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("navigation", name="Main")).to_contain_text(handle)
    expect(page).to_have_url(f"{url}/portfolio")

    # With the password it is the second factor.
    page.context.clear_cookies()
    page.goto(f"{url}/accounts/login/")
    _give_password(device, handle)
    device.press(page.get_by_role("button", name="Use your passkey"))
    expect(page.get_by_role("navigation", name="Main")).to_contain_text(handle)

    page.goto(f"{url}/accounts/2fa/")
    device.press(page.get_by_role("link", name="Remove My laptop"))
    _confirm(device)
    device.press(page.get_by_role("button", name="Remove it"))
    expect(page.locator("#passkeys")).to_contain_text("None.")
    session.detach()


def test_an_authenticator_app_is_set_up_and_its_codes_are_asked_for(device: Device) -> None:
    page, handle = device.page, f"pia_{device.size}"
    page.goto("/accounts/login/")
    _give_password(device, handle)
    device.choose_from_menu("Second factor", handle=handle)
    device.press(page.get_by_role("link", name="Set up"))
    _confirm(device)
    secret = page.locator(".secret").inner_text()
    device.check_fits()
    _type_code(device, secret, "Turn it on")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    spare = page.locator("#codes").inner_text().split()[0]

    device.choose_from_menu("Sign out", handle=handle)
    expect(page.get_by_role("link", name="Sign up")).to_be_visible()
    page.goto("/accounts/login/")
    _give_password(device, handle)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    device.check_fits()
    page.get_by_label("Code").fill("not it")
    device.press(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("code")
    _type_code(device, secret, "Sign in")
    expect(page.get_by_role("navigation", name="Main")).to_contain_text(handle)

    # The day when the phone is lost.
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    _give_password(device, handle)
    page.get_by_label("Code").fill(spare)
    device.press(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("navigation", name="Main")).to_contain_text(handle)
