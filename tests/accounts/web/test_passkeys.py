"""Passkeys without a browser: pages, notices, and answers that no authenticator gives."""

import base64
import json
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import SecurityFact
from accounts.types import Role
from tests.accounts.web.visiting import PASSWORD, known_alice, log_in
from tests.factories.accounts import make_user

ADD: Final = "/accounts/2fa/webauthn/add/"
LOGIN: Final = "/accounts/2fa/webauthn/login/"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _credential(**response: Any) -> dict[str, Any]:
    return {"id": _text(b"key"), "rawId": _text(b"key"), "type": "public-key", "response": response}


CLIENT: Final = _text(b'{"type": "webauthn.get", "challenge": "YWJj", "origin": "http://testserver"}')
NONSENSE: Final = (
    "5",
    '"text"',
    "[1]",
    "{}",
    "not json",
    json.dumps(_credential()),
    json.dumps(_credential(clientDataJSON="☃", attestationObject="!!")),
    json.dumps(_credential(clientDataJSON=_text(b"[]"), attestationObject=_text(b"\xa0"))),
    json.dumps(_credential(clientDataJSON=CLIENT, attestationObject=_text(b"\x81" * 3_000))),
    json.dumps(_credential(clientDataJSON=CLIENT, authenticatorData=_text(b"a"), signature=_text(b"b"))),
    json.dumps(_credential(clientDataJSON=CLIENT, authenticatorData=_text(b"a" * 37), signature="", userHandle=None)),
    json.dumps(
        _credential(
            clientDataJSON=CLIENT,
            authenticatorData=_text(b"a" * 32 + b"\x05" + b"a" * 4),
            signature=_text(b"b"),
            userHandle=_text(b"9" * 40),
        )
    ),
)


def _enter(browser: Client) -> None:
    """Signed in, and confirmed once more."""
    assert log_in(browser)
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("sent", NONSENSE)
def test_answers_of_no_authenticator_are_refused_and_nobody_is_signed_in(browser: Client, sent: str) -> None:
    challenge = browser.get(LOGIN, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert challenge["request_options"]["publicKey"]["userVerification"] == "required"
    answer = browser.post(LOGIN, {"credential": sent})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in browser.session

    known_alice()
    _enter(browser)
    answer = browser.post(ADD, {"name": "Mine", "credential": sent})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_a_passkey_is_listed_renamed_and_removed_with_a_letter(browser: Client) -> None:
    alice = known_alice()
    _enter(browser)
    data = {"name": "Laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    passkey = Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data=data)
    assert b"Laptop" in browser.get("/accounts/2fa/").content

    for name in ("", "x" * 61):
        assert browser.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/edit/", {"name": name}).status_code == 200
    browser.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/edit/", {"name": "Old <laptop>"})
    assert b"Old &lt;laptop&gt;" in browser.get("/accounts/2fa/webauthn/").content

    other = Client(REMOTE_ADDR="192.0.2.90")
    other.force_login(make_user("bob", password=PASSWORD))
    remove = f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/"
    other.post(remove)
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    assert browser.post(remove)["Location"] == "/accounts/2fa/webauthn/"
    assert not Authenticator.objects.exists()
    assert "A passkey was removed" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == [alice.email]
    assert SecurityFact.objects.values_list("user", "change").get() == (alice.pk, "passkey_removed")


@pytest.mark.django_db
def test_staff_enter_with_a_passkey_as_their_second_factor(browser: Client, settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    dave = make_user("dave", roles=(Role.OPERATOR, Role.ADMIN), password=PASSWORD)
    browser.force_login(dave)
    assert browser.get("/admin/")["Location"] == "/accounts/2fa/"
    Authenticator.objects.create(user=dave, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}})
    assert browser.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_passkeys_are_bound_to_the_sites_own_host(browser: Client, settings: Settings) -> None:
    known_alice()
    _enter(browser)
    assert '"rp": {"id": "testserver"' in _options(browser)
    settings.PASSKEY_HOST = "market.example.org"
    assert '"id": "market.example.org"' in _options(browser)


def _options(browser: Client) -> str:
    page = browser.get(ADD).content.decode()
    options = json.loads(page.partition('id="passkey-data"')[2].partition(">")[2].partition("</script>")[0])
    rp = options["creation_options"]["publicKey"]["rp"]
    return json.dumps({"rp": {"id": rp["id"], "name": rp["name"]}})
