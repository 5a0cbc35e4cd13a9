"""Who may open a socket, and who has to leave it.

Contract   A browser needs an ``Origin`` of this site, since it sends cookies to whoever asks; a program
           sends a key and no ``Origin``. ``admit`` answers a visitor or None.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare
from django.utils.http import is_same_domain

from accounts.models import ApiKey, User
from accounts.selectors.keys import user_for_key
from accounts.types import Scope, Visitor
from common.client_ip import client_network


def admit(headers: Mapping[str, str]) -> Visitor | None:
    """The visitor behind the headers of a handshake (names in lower case), or None to refuse."""
    if not is_worth_a_look(headers):
        return None
    authorization = headers.get("authorization")
    return _key_visitor(authorization) if authorization else _session_visitor(headers.get("cookie", ""))


def is_worth_a_look(headers: Mapping[str, str]) -> bool:
    """False for what is refused whoever it is; costs no read."""
    origin = headers.get("origin")
    if origin is None:
        return bool(headers.get("authorization"))
    return is_own_origin(origin, headers.get("host", ""))


def owner_of(visitor: Visitor, headers: Mapping[str, str], peer: str) -> str:
    """Whose sockets this one is counted among: the account's, else those of the client's network."""
    if visitor.user_id is not None:
        return f"user:{visitor.user_id}"
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": headers.get("x-forwarded-for", "")}
    return f"network:{client_network(request)}"


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of ``origin`` is one of ours, asked as ``host``."""
    scheme, netloc = _split(origin)
    if scheme not in ("http", "https") or not netloc:
        return False
    if settings.SESSION_COOKIE_SECURE and scheme == "http":
        return False
    if netloc == host.lower() and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return True
    return any(_is_trusted(scheme, netloc, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def dead_visitors(visitors: Iterable[Visitor]) -> set[Visitor]:
    """Those of the signed-in visitors whose key, session or account is no longer good."""
    visitors = set(visitors)
    keys = _live_key_ids(visitor.key_id for visitor in visitors if visitor.key_id is not None)
    by_session = {visitor for visitor in visitors if visitor.key_id is None}
    users = _active_users({visitor.user_id for visitor in by_session})
    dead = {visitor for visitor in visitors - by_session if visitor.key_id not in keys}
    return dead | {visitor for visitor in by_session if not _has_session(visitor, users.get(visitor.user_id))}


def without_permission(visitors: Iterable[Visitor], permission: str) -> set[Visitor]:
    """Those of the signed-in visitors whose user hasn't ``permission`` (``app.codename``); nobody has none.

    One statement however many; for sockets whose route asks for more than a good key or session.
    """
    visitors = set(visitors)
    ids = {visitor.user_id for visitor in visitors if visitor.user_id is not None}
    allowed = set(_permitted(permission).filter(pk__in=ids).values_list("pk", flat=True))
    return {visitor for visitor in visitors if visitor.user_id not in allowed}


def admit_holder(headers: Mapping[str, str], permission: str) -> Visitor | None:
    """As ``admit``, for those only whose user has ``permission``."""
    visitor = admit(headers)
    if visitor is None or visitor.user_id is None or without_permission([visitor], permission):
        return None
    return visitor


def unwelcome_holders(visitors: Iterable[Visitor], permission: str) -> set[Visitor]:
    """Those whose key, session, account or ``permission`` is gone."""
    visitors = set(visitors)
    return dead_visitors(visitors) | without_permission(visitors, permission)


def _permitted(permission: str) -> Any:
    app_label, _, codename = permission.partition(".")
    named = Q(codename=codename, content_type__app_label=app_label)
    holders = Permission.objects.filter(named)
    is_holder = Q(groups__permissions__in=holders) | Q(user_permissions__in=holders) | Q(is_superuser=True)
    return User.objects.filter(is_holder, is_active=True)


def _live_key_ids(ids: Iterable[int]) -> set[int]:
    live = ApiKey.objects.filter(pk__in=list(ids), user__is_active=True, revoked_at=None)
    return set(live.filter(Q(expires_at=None) | Q(expires_at__gt=Now())).values_list("pk", flat=True))


def _split(origin: str) -> tuple[str, str]:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def _is_trusted(scheme: str, netloc: str, trusted: str) -> bool:
    trusted_scheme, trusted_netloc = _split(trusted)
    return scheme == trusted_scheme and is_same_domain(netloc, trusted_netloc.removeprefix("*"))


def _key_visitor(authorization: str) -> Visitor | None:
    kind, _, secret = authorization.partition(" ")
    holder = user_for_key(secret.strip()) if kind.lower() == "bearer" else None
    if holder is None or not holder.has_scope(Scope.READ):
        return None
    return Visitor(user_id=holder.user.pk, key_id=holder.key_id)


def _session_visitor(cookie: str) -> Visitor:
    session_key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return Visitor()
    request = HttpRequest()
    request.session = _session(session_key)
    user = get_user(request)
    return Visitor(user_id=user.pk, session_key=session_key) if user.is_authenticated else Visitor()


def _session(session_key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key)


def _active_users(ids: Iterable[int | None]) -> dict[int | None, Any]:
    wanted = [user_id for user_id in ids if user_id is not None]
    return {**User.objects.filter(is_active=True).only("password").in_bulk(wanted)}


def _has_session(visitor: Visitor, user: Any) -> bool:
    if user is None or visitor.session_key is None:
        return False
    session = _session(visitor.session_key)
    # The hash changes with the password, which ends every session but the one that changed it.
    return session.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )
