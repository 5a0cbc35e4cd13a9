"""Make an API key; its secret leaves this function once and is stored nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from accounts.engine.secrets import digest_of, new_secret, shown_part
from accounts.errors import KeyInvalid, KeyNameTaken, KeyScopeNotAllowed, TooManyKeys, UserNotFound
from accounts.models import ApiKey, User
from accounts.types import Scope
from common import clock
from common.text import clean_text

KEYS_MAX: Final = 50
#: Permission that a user needs to give a scope away.
SCOPE_PERMISSION: Final = {
    Scope.MARKET: "markets.add_market",
    Scope.OPERATE: "markets.operate_market",
    Scope.ADMIN: "accounts.change_user",
}


@dataclass(frozen=True, slots=True)
class NewKey:
    key_id: int
    name: str
    secret: str

    def __repr__(self) -> str:
        # Tracebacks and logs show objects by this.
        return f"NewKey(key_id={self.key_id}, name={self.name!r})"


def create_api_key(*, user_id: int, name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> NewKey:
    """Store a key of an active user and return its secret, which can't be shown again.

    Raises: UserNotFound, KeyInvalid, KeyScopeNotAllowed, KeyNameTaken, TooManyKeys
    """
    now = clock.now()
    clean, chosen = _clean_name(name), _chosen(scopes)
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        raise KeyInvalid("The expiry must be in the future.", field="/expires_at")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
        if user is None:
            raise UserNotFound(f"There is no active person {user_id}.", field="/user_id")
        _check_scopes(user, chosen)
        if ApiKey.objects.filter(user=user, revoked_at=None).count() >= KEYS_MAX:
            raise TooManyKeys(f"You have {KEYS_MAX} keys. Revoke one that you don't use.")
        return _store(user, clean, chosen, expires_at)


def _clean_name(name: str) -> str:
    try:
        return clean_text(name, length_min=1, length_max=60)
    except ValueError as problem:
        raise KeyInvalid(f"The name {problem}.", field="/name") from problem


def _chosen(scopes: Iterable[str]) -> list[Scope]:
    try:
        chosen = sorted({Scope(scope) for scope in scopes}, key=list(Scope).index)
    except ValueError as problem:
        known = ", ".join(Scope)
        raise KeyInvalid(f"Choose scopes among {known}.", field="/scopes") from problem
    if not chosen:
        raise KeyInvalid("Choose at least one scope.", field="/scopes")
    return chosen


def _check_scopes(user: User, scopes: list[Scope]) -> None:
    for scope in scopes:
        permission = SCOPE_PERMISSION.get(scope)
        if permission is not None and not user.has_perm(permission):
            raise KeyScopeNotAllowed(f"Your role doesn't allow the scope {scope.value}.", field="/scopes")


def _store(user: User, name: str, scopes: list[Scope], expires_at: datetime | None) -> NewKey:
    secret = new_secret()
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                user=user,
                name=name,
                prefix=shown_part(secret),
                digest=digest_of(secret),
                scopes=[scope.value for scope in scopes],
                expires_at=expires_at,
            )
    except IntegrityError as problem:
        raise KeyNameTaken(f"You have a key called {name!r}. Choose another name.", field="/name") from problem
    return NewKey(key.pk, name, secret)
