"""Everybody who may come to the door, and how each of them asks."""

import itertools
from dataclasses import dataclass, field
from typing import Any, Final

from django.test import Client

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.services.suspend_user import suspend_user
from accounts.types import Role
from tests.factories.accounts import make_user
from trading.services.open_account import open_account

ROLES: Final = {
    "trader": (Role.TRADER,),
    "market_maker": (Role.TRADER, Role.MARKET_MAKER),
    "analyst": (Role.TRADER, Role.ANALYST),
    "moderator": (Role.TRADER, Role.MODERATOR),
    "operator": (Role.TRADER, Role.OPERATOR),
    "admin": (Role.TRADER, Role.ADMIN),
}
#: Keys of the operator, who has every scope to give away but ``admin``.
KEYS: Final = {
    "read_key": ("read",),
    "trade_key": ("read", "trade"),
    "report_key": ("read", "report"),
    "operate_key": ("read", "operate"),
}
NAMES: Final = ("anonymous", *ROLES, "suspended", *KEYS, "revoked_key", "suspended_key")


_addresses: Final = itertools.count()


@dataclass(frozen=True)
class Persona:
    name: str
    user: User | None
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str | None = None) -> Any:
        """The answer to a request of its own, with the session or the key."""
        client = Client(raise_request_exception=False)
        if self.user is not None and not self.headers:
            client.force_login(self.user)
        answer: Any = client.generic(
            method.upper(),
            path,
            "" if body is None else body,
            content_type="application/json",
            headers=self.headers,
            # From a network of its own each time: this isn't about how often somebody may ask.
            REMOTE_ADDR=f"10.{next(_addresses) // 250}.{next(_addresses) % 250}.1",
        )
        if getattr(answer, "streaming", False):
            # Read to its end, which gives the place of a download back.
            b"".join(answer.streaming_content)
        return answer


def everybody() -> dict[str, Persona]:
    """All of them, by name; traders have an account with the starting credits."""
    users = {name: make_user(name.replace("_", "-"), roles=roles) for name, roles in ROLES.items()}
    users["suspended"] = make_user("suspended")
    for user in users.values():
        open_account(user.pk)
    found = {"anonymous": Persona("anonymous", None)}
    found |= {name: Persona(name, user) for name, user in users.items()}
    for name, scopes in KEYS.items():
        found[name] = _with_key(name, users["operator"], scopes)
    revoked = create_api_key(user_id=users["trader"].pk, name="revoked", scopes=["read", "trade"])
    found["revoked_key"] = Persona("revoked_key", users["trader"], _bearer(revoked.secret))
    found["suspended_key"] = _with_key("suspended_key", users["suspended"], ("read", "trade"))
    revoke_api_key(user_id=users["trader"].pk, key_id=revoked.key_id)
    suspend_user(user_id=users["suspended"].pk, actor_id=users["admin"].pk)
    return found


def _with_key(name: str, user: User, scopes: tuple[str, ...]) -> Persona:
    return Persona(name, user, _bearer(create_api_key(user_id=user.pk, name=name, scopes=scopes).secret))


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
