"""Keep what a trader lets others see."""

from typing import Final

from analytics.skill.errors import ProfileInvalid
from analytics.skill.models import Follow, Profile

ABOUT_MAX: Final = 280


def save_profile(*, user_id: int, is_private: bool, about: str) -> None:
    """``about`` is plain text of at most ``ABOUT_MAX`` characters.

    Raises: ProfileInvalid
    """
    text = " ".join(about.split())
    if len(text) > ABOUT_MAX or "\x00" in text:
        raise ProfileInvalid(f"Write at most {ABOUT_MAX} plain characters about yourself.", field="/about")
    Profile.objects.update_or_create(user_id=user_id, defaults={"is_private": is_private, "about": text})


def forget_profile(user_id: int) -> None:
    """What somebody wrote about themselves, and whom they followed. Safe to repeat."""
    Profile.objects.filter(user_id=user_id).delete()
    Follow.objects.filter(follower_id=user_id).delete()
    Follow.objects.filter(trader_id=user_id).delete()
