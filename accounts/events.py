"""Facts about people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserSignedUp:
    """A new person, bot or simulated trader can sign in."""

    user_id: int
