"""End sessions of a person: the session is gone from the store, so pages ask for a sign-in, and sockets are closed by
the next look at who may stay.

Contract   The row is ended in the same transaction, which a kept copy of the session meets when it is used again.
Bound      ``BATCH`` sessions a statement.
"""

from typing import Final

from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet

from accounts.errors import SessionNotFound
from accounts.models import AccountSession, User
from common import clock
from common.audit import record_audit

BATCH: Final = 500


def end_session(*, user_id: int, session_id: int, ip: str = "") -> None:
    """Raises: SessionNotFound"""
    with transaction.atomic():
        keys = _end(AccountSession.objects.filter(pk=session_id, user_id=user_id, ended_at=None))
        if not keys:
            raise SessionNotFound("It was ended already.", field="/session_id")
        _audit(user_id, "account.end_session", ip, [session_id])
    _forget(keys)


def end_other_sessions(*, user_id: int, kept_id: int | None, ip: str = "") -> int:
    """How many were ended; ``kept_id`` is the one that goes on, None for none."""
    ended = 0
    while keys := _end_batch(user_id, kept_id, ip):
        _forget(keys)
        ended += len(keys)
    return ended


def forget_sessions(*, user_id: int) -> None:
    """End all of them, and keep nothing about them."""
    end_other_sessions(user_id=user_id, kept_id=None)
    AccountSession.objects.filter(user_id=user_id).delete()


@transaction.atomic
def _end_batch(user_id: int, kept_id: int | None, ip: str) -> list[str]:
    others = AccountSession.objects.filter(user_id=user_id, ended_at=None)
    if kept_id is not None:
        others = others.exclude(pk=kept_id)
    ids = list(others.values_list("pk", flat=True)[:BATCH])
    keys = _end(AccountSession.objects.filter(pk__in=ids, ended_at=None))
    if keys:
        _audit(user_id, "account.end_other_sessions", ip, ids)
    return keys


def _end(rows: QuerySet[AccountSession]) -> list[str]:
    """Their keys; the rows are locked by key order, so that two who end all don't wait for each other."""
    found = list(rows.select_for_update().order_by("pk"))
    keys = [row.session_key for row in found]
    AccountSession.objects.filter(pk__in=[row.pk for row in found]).update(ended_at=clock.now())
    Session.objects.filter(session_key__in=keys).delete()
    return keys


def _forget(keys: list[str]) -> None:
    cache.delete_many([KEY_PREFIX + key for key in keys])


def _audit(user_id: int, action: str, ip: str, ids: list[int]) -> None:
    after = {"sessions": len(ids), "first": ids[0]}
    record_audit(actor_id=user_id, action=action, target=User(pk=user_id), after=after, ip=ip)
