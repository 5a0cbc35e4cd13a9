"""Who is in the demo: people to log in as, and simulated traders, always labelled as such."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.types import Role
from demo.types import Strategy


@dataclass(frozen=True, slots=True)
class Person:
    handle: str
    roles: tuple[Role, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Bot:
    handle: str
    strategy: Strategy


PEOPLE: Final = (
    Person("alice", (Role.TRADER,), "a trader with a portfolio"),
    Person("bob", (Role.TRADER, Role.MARKET_MAKER), "a trader who may make markets"),
    Person("carol", (Role.TRADER, Role.ANALYST), "an analyst who reads everything"),
    Person("dave", (Role.TRADER, Role.OPERATOR, Role.ADMIN), "the operator: /admin/, resolving, people"),
)
OPERATOR: Final = "dave"
BOTS: Final = (
    Bot("sim-ada", Strategy.INFORMED),
    Bot("sim-ben", Strategy.INFORMED),
    Bot("sim-cleo", Strategy.INFORMED),
    Bot("sim-dina", Strategy.NOISE),
    Bot("sim-emil", Strategy.NOISE),
    Bot("sim-fay", Strategy.NOISE),
    Bot("sim-gus", Strategy.NOISE),
    Bot("sim-hana", Strategy.MOMENTUM),
    Bot("sim-ivo", Strategy.MOMENTUM),
    Bot("sim-june", Strategy.MAKER),
    Bot("sim-kai", Strategy.MAKER),
)


def password_of(handle: str) -> str:
    """The demo password: hard to guess where SECRET_KEY is, and the same on every start."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"demo {handle}".encode(), hashlib.sha256).hexdigest()
    return f"{handle}-demo-{mark[:6]}"
