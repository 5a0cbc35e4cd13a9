"""Words of accounts, as plain values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What an API key may do; a key never may more than its user."""

    READ = "read"
    TRADE = "trade"
    MARKET = "market"
    REPORT = "report"
    OPERATE = "operate"
    ADMIN = "admin"


class Audience(StrEnum):
    """Who reads an announcement."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    MAKERS = "makers"
    STAFF = "staff"


class SecurityChange(StrEnum):
    """What an account's owner is told of, should it not have been them."""

    SIGN_IN = "sign_in"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    RECOVERY_CODES = "recovery_codes"
    EMAIL_CHANGED = "email_changed"


#: The tag of the kept list of announcements.
ANNOUNCEMENTS: Final = "announcements"


class Role(StrEnum):
    """Names of the groups that carry permissions."""

    TRADER = "trader"
    MARKET_MAKER = "market maker"
    ANALYST = "analyst"
    OPERATOR = "operator"
    MODERATOR = "moderator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: ``capacity`` attempts at once, refilled evenly over ``period_s`` seconds."""

    name: str
    capacity: int
    period_s: float

    @property
    def refill_per_s(self) -> float:
        return self.capacity / self.period_s


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a limit: ``remaining`` attempts now, ``retry_after_s`` seconds until the next when refused."""

    is_allowed: bool
    remaining: int
    retry_after_s: float


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a socket: nobody in particular, a session's user, or a key's user."""

    user_id: int | None = None
    key_id: int | None = None
    session_key: str | None = None
