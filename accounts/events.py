"""Facts about people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserSignedUp:
    """A new person, bot or simulated trader can sign in."""

    user_id: int


@dataclass(frozen=True, slots=True)
class UserSignedIn:
    """Somebody has passed every check of the sign-in. Also makes up for a ``UserSignedUp`` that was lost."""

    user_id: int
