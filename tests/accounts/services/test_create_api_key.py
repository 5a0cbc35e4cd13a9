import hashlib
from datetime import timedelta

import pytest

from accounts.errors import KeyInvalid, KeyNameTaken, KeyScopeNotAllowed, TooManyKeys, UserNotFound
from accounts.models import ApiKey
from accounts.services import create_api_key as module
from accounts.services.create_api_key import create_api_key
from common import clock
from common.errors import DomainError
from tests.factories.accounts import make_alice, make_carol, make_dave

pytestmark = pytest.mark.django_db


def test_only_the_hash_is_stored() -> None:
    alice = make_alice()
    made = create_api_key(user_id=alice.pk, name="  my  bot ", scopes=["trade", "read"])
    key = ApiKey.objects.get()
    assert made.secret.startswith("omk_")
    assert len(made.secret) == 47
    assert bytes(key.digest) == hashlib.sha256(made.secret.encode()).digest()
    assert (key.user_id, key.name, key.scopes) == (alice.pk, "my bot", ["read", "trade"])
    assert key.prefix == made.secret[:10]
    row = repr(ApiKey.objects.values().get())
    assert made.secret not in row
    assert made.secret not in repr(made)


@pytest.mark.parametrize(
    ("fields", "error", "pointer"),
    [
        ({"name": ""}, KeyInvalid, "/name"),
        ({"name": "x" * 61}, KeyInvalid, "/name"),
        ({"name": "a\x00b"}, KeyInvalid, "/name"),
        ({"name": "a\ud800b"}, KeyInvalid, "/name"),
        ({"scopes": []}, KeyInvalid, "/scopes"),
        ({"scopes": ["root"]}, KeyInvalid, "/scopes"),
        ({"scopes": ["operate"]}, KeyScopeNotAllowed, "/scopes"),
        ({"scopes": ["admin"]}, KeyScopeNotAllowed, "/scopes"),
        ({"scopes": ["market"]}, KeyScopeNotAllowed, "/scopes"),
        ({"expires_at": clock.now() - timedelta(seconds=1)}, KeyInvalid, "/expires_at"),
        ({"user_id": 10**9}, UserNotFound, "/user_id"),
    ],
)
def test_refusals_store_nothing(fields: dict[str, object], error: type[DomainError], pointer: str) -> None:
    right: dict[str, object] = {"user_id": make_alice().pk, "name": "bot", "scopes": ["read"]}
    with pytest.raises(error) as caught:
        create_api_key(**(right | fields))  # type: ignore[arg-type]
    assert caught.value.errors[0].pointer == pointer
    assert ApiKey.objects.count() == 0


def test_a_name_is_used_once_by_each_person() -> None:
    alice, carol = make_alice(), make_carol()
    create_api_key(user_id=alice.pk, name="bot", scopes=["read"])
    create_api_key(user_id=carol.pk, name="bot", scopes=["read"])
    with pytest.raises(KeyNameTaken):
        create_api_key(user_id=alice.pk, name="bot", scopes=["read"])
    assert ApiKey.objects.count() == 2


def test_operators_give_the_scopes_of_their_role() -> None:
    create_api_key(user_id=make_dave().pk, name="ops", scopes=["operate", "market"])
    assert ApiKey.objects.get().scopes == ["market", "operate"]


def test_suspended_people_make_no_keys() -> None:
    alice = make_alice()
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    with pytest.raises(UserNotFound):
        create_api_key(user_id=alice.pk, name="bot", scopes=["read"])


def test_the_number_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEYS_MAX", 1)
    alice = make_alice()
    create_api_key(user_id=alice.pk, name="one", scopes=["read"])
    with pytest.raises(TooManyKeys):
        create_api_key(user_id=alice.pk, name="two", scopes=["read"])
    assert ApiKey.objects.count() == 1
