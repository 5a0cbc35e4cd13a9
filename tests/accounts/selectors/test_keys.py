import logging
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import KeyNotFound
from accounts.models import ApiKey, User
from accounts.selectors import keys
from accounts.selectors.keys import user_for_key
from accounts.services.create_api_key import create_api_key
from accounts.services.note_key_use import note_key_use
from accounts.services.revoke_api_key import revoke_api_key
from accounts.types import Scope
from common import clock
from tests.factories.accounts import make_alice, make_bob

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    keys.forget_all_keys()


def _later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + seconds)


def test_the_holder_of_a_key() -> None:
    alice = make_alice()
    made = create_api_key(user_id=alice.pk, name="bot", scopes=["read", "trade"])
    holder = user_for_key(made.secret)
    assert holder is not None
    assert (holder.user, holder.key_id) == (alice, made.key_id)
    assert holder.has_scope(Scope.TRADE)
    assert not holder.has_scope(Scope.ADMIN)


GARBAGE = ["", "omk_", "omk_" + "a" * 43, "bot", "omk_" + "é" * 43, "omk_" + "a" * 4_000, "\x00"]


@pytest.mark.parametrize("secret", GARBAGE)
def test_garbage_opens_nothing_and_is_not_kept(secret: str) -> None:
    assert user_for_key(secret) is None
    assert keys._kept == {}


def test_the_second_use_asks_no_database() -> None:
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    user_for_key(made.secret)
    with CaptureQueriesContext(connection) as queries:
        assert user_for_key(made.secret) is not None
    assert len(queries) == 0


def test_revoking_works_at_once_here_and_within_5_s_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = make_alice()
    here = create_api_key(user_id=alice.pk, name="here", scopes=["read"])
    elsewhere = create_api_key(user_id=alice.pk, name="elsewhere", scopes=["read"])
    assert user_for_key(here.secret)
    assert user_for_key(elsewhere.secret)
    revoke_api_key(key_id=here.key_id, user_id=alice.pk)
    assert user_for_key(here.secret) is None
    ApiKey.objects.filter(pk=elsewhere.key_id).update(revoked_at=clock.now())
    assert user_for_key(elsewhere.secret)
    _later(monkeypatch, 5.001)
    assert user_for_key(elsewhere.secret) is None


def test_suspension_is_noticed_within_5_s(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = make_alice()
    made = create_api_key(user_id=alice.pk, name="bot", scopes=["read"])
    assert user_for_key(made.secret)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    _later(monkeypatch, 5.001)
    assert user_for_key(made.secret) is None


def test_expiry_is_noticed_at_once_also_when_kept() -> None:
    made = create_api_key(
        user_id=make_alice().pk, name="bot", scopes=["read"], expires_at=clock.now() + timedelta(hours=1)
    )
    assert user_for_key(made.secret)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert user_for_key(made.secret) is None


def test_nobody_revokes_keys_of_others() -> None:
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    with pytest.raises(KeyNotFound):
        revoke_api_key(key_id=made.key_id, user_id=make_bob().pk)
    assert ApiKey.objects.get().revoked_at is None


def test_use_is_noted_once_a_minute() -> None:
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    note_key_use(key_id=made.key_id)
    noted = ApiKey.objects.get().last_used_at
    assert noted is not None
    with CaptureQueriesContext(connection) as queries:
        note_key_use(key_id=made.key_id)
    assert len(queries) == 0


def test_secrets_never_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    user_for_key(made.secret)
    assert made.secret not in caplog.text
