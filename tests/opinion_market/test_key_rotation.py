"""A key is changed: sessions, second factors and sealed settings stay readable, and the old key can go."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services.create_user import create_user
from accounts.types import Role
from alerting.models import Channel
from common import clock
from common.models import Job
from common.sealing import resealed, seal, unseal
from opinion_market.key_rotation import SEALED, rotate_keys
from opinion_market.urls import urlpatterns

OLD, NEW = "old-key-" * 8, "new-key-" * 8  # not-a-secret
#: Loaded before a test begins its transaction, in which nobody may think for ten seconds.
_PAGES = urlpatterns
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_cached_sessions() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def alice() -> User:
    return create_user(handle="alice", email="alice@example.org", password="a long password", roles=(Role.TRADER,))


@pytest.fixture
def old(settings: Any) -> Any:
    # Those of every site were sealed by the key of the suite.
    Channel.objects.update(sealed="")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    return settings


def channel_with(text: str) -> Channel:
    now, sealed = clock.now(), seal(text, purpose="channel of alerting")
    return Channel.objects.create(name="ops", kind="webhook", sealed=sealed, created_at=now, updated_at=now)


def change(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]


def forget_old(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = []
    cache.clear()


def rotate() -> list[str]:
    said: list[str] = []
    rotate_keys(said.append)
    return said


def test_a_seal_is_moved_once(old: Any) -> None:
    sealed = seal("secret", purpose="one")
    assert resealed(sealed, purpose="one") is None
    change(old)
    moved = resealed(sealed, purpose="one")
    assert moved is not None
    assert resealed(moved, purpose="one") is None
    forget_old(old)
    assert unseal(moved, purpose="one") == "secret"
    with pytest.raises(InvalidToken):
        resealed(sealed, purpose="one")


def test_everything_that_is_sealed_outlives_the_old_key(old: Any, alice: User) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")  # not-a-secret
    channel_with("{}")
    letter = {"letter": seal("dear", purpose="e-mail"), "to": 1}
    Job.objects.create(kind="send_email", arguments=letter, due_at=clock.now(), created_at=clock.now())
    Job.objects.create(kind="other", arguments={"letters": 3}, due_at=clock.now(), created_at=clock.now())
    change(old)
    said = rotate()
    assert [line.partition(",")[0] for line in said] == [
        "mfa_authenticator.data.secret: 1 moved",
        "mfa_authenticator.data.seed: 0 moved",
        "alerting_channel.sealed: 1 moved",
        "scaling_scalingtarget.webhook_sealed: 0 moved",
        "common_job.arguments.letter: 1 moved",
        "sessions: 0 moved",
    ]
    assert "1 were under today's key" in rotate()[0]
    forget_old(old)
    assert decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert unseal(Channel.objects.get(name="ops").sealed, purpose="channel of alerting") == "{}"
    arguments = Job.objects.get(kind="send_email").arguments
    assert (unseal(arguments["letter"], purpose="e-mail"), arguments["to"]) == ("dear", 1)
    assert Job.objects.get(kind="other").arguments == {"letters": 3}


def test_who_is_signed_in_stays_so(old: Any, alice: User, client: Client) -> None:
    client.force_login(alice)
    assert client.get("/api/v1/account").status_code == 200
    change(old)
    assert "1 moved" in rotate()[-1]
    assert "0 moved, 1 were under today's key, 0 unreadable" in rotate()[-1]
    forget_old(old)
    assert client.get("/api/v1/account").status_code == 200
    assert Session.objects.count() == 1


def test_a_session_that_a_new_password_has_ended_stays_ended(old: Any, alice: User, client: Client) -> None:
    client.force_login(alice)
    alice.set_password("quite another one")  # not-a-secret
    alice.save()
    change(old)
    rotate()
    assert client.get("/api/v1/account").status_code == 401


def test_a_row_that_changes_meanwhile_is_left_to_who_changed_it(old: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = channel_with("1")
    change(old)
    theirs = seal("2", purpose="channel of alerting")

    def slow(sealed: str, *, purpose: str) -> str | None:
        Channel.objects.filter(pk=channel.pk).update(sealed=theirs)
        return resealed(sealed, purpose=purpose)

    monkeypatch.setattr("opinion_market.key_rotation.resealed", slow)
    assert "alerting_channel.sealed: 0 moved" in rotate()[2]
    channel.refresh_from_db()
    assert unseal(channel.sealed, purpose="channel of alerting") == "2"


def test_what_no_key_opens_is_told_and_kept(old: Any) -> None:
    channel = channel_with("{}")
    old.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="1 could be read with no key"):
        call_command("rotate_keys", stdout=StringIO())
    assert Channel.objects.get(pk=channel.pk).sealed == channel.sealed


def test_every_column_exists() -> None:
    with connection.cursor() as cursor:
        for column in SEALED:
            cursor.execute(f"SELECT {column.column} FROM {column.table} LIMIT 0")


def test_whoever_seals_is_known_here(project_dir: Path) -> None:
    """Add the column of a new one to ``SEALED``, then its module here."""
    apps = ("accounts", "markets", "trading", "monitoring", "alerting", "analytics", "common")
    files = (file for app in apps for file in (project_dir / app).rglob("*.py"))
    assert {str(file.relative_to(project_dir)) for file in files if "common.sealing import" in file.read_text()} == {
        "accounts/web/mfa_adapter.py",
        "alerting/services/_config.py",
        "common/mail/backend.py",
        "common/mail/send.py",
        "monitoring/scaling/admin.py",
        "monitoring/scaling/services/_actuators.py",
    }
