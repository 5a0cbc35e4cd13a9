import re

import pytest
from django.test import Client

from accounts.models import ApiKey
from accounts.selectors.keys import user_for_key
from accounts.services.create_api_key import create_api_key
from tests.factories.accounts import make_alice, make_bob

pytestmark = pytest.mark.django_db
NEW = {"name": "bot", "scopes": ["read", "trade"], "days": "90"}


@pytest.fixture
def alice_browser() -> Client:
    browser = Client()
    browser.force_login(make_alice())
    return browser


@pytest.mark.parametrize("path", ["", "keys/"])
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(f"/accounts/settings/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_new_key_is_shown_once(alice_browser: Client) -> None:
    answer = alice_browser.post("/accounts/settings/keys/", NEW)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'id="secret">(omk_[^<]+)<', answer.content.decode())
    assert found is not None
    holder = user_for_key(found[1])
    assert holder is not None
    assert holder.user.username == "alice"
    for path in ("/accounts/settings/", "/accounts/settings/keys/"):
        page = alice_browser.get(path).content.decode()
        assert found[1] not in page
        assert found[1][:10] in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["admin"]}, "Select a valid choice."),
        ({"days": "9999"}, "Select a valid choice."),
        ({"name": "taken"}, "You have a key called &#x27;taken&#x27;."),
    ],
)
def test_refusals_make_no_key(alice_browser: Client, fields: dict[str, object], message: str) -> None:
    create_api_key(user_id=make_alice().pk, name="taken", scopes=["read"])
    answer = alice_browser.post("/accounts/settings/keys/", NEW | fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert ApiKey.objects.count() == 1


def test_revoking(alice_browser: Client) -> None:
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    assert alice_browser.post(f"/accounts/settings/keys/{made.key_id}/revoke/").status_code == 302
    assert user_for_key(made.secret) is None
    assert "revoked" in alice_browser.get("/accounts/settings/keys/").content.decode()


def test_keys_of_others_are_not_found(alice_browser: Client) -> None:
    made = create_api_key(user_id=make_bob().pk, name="secretbot", scopes=["read"])
    assert alice_browser.post(f"/accounts/settings/keys/{made.key_id}/revoke/").status_code == 404
    assert ApiKey.objects.get().revoked_at is None
    assert "secretbot" not in alice_browser.get("/accounts/settings/keys/").content.decode()
