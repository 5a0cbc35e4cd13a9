"""Follow a trader, and stop."""

from typing import Final

from analytics.skill.errors import FollowRefused
from analytics.skill.models import Follow
from common import clock

FOLLOWED_MAX: Final = 1_000


def follow_trader(*, follower_id: int, trader_id: int) -> None:
    """Safe to repeat.

    Raises: FollowRefused
    """
    if follower_id == trader_id:
        raise FollowRefused("You see your own activity anyway; follow somebody else.")
    if Follow.objects.filter(follower_id=follower_id).count() >= FOLLOWED_MAX:
        raise FollowRefused(f"You follow {FOLLOWED_MAX:,} traders. Stop following somebody first.")
    row = Follow(follower_id=follower_id, trader_id=trader_id, created_at=clock.now())
    Follow.objects.bulk_create([row], ignore_conflicts=True)


def unfollow_trader(*, follower_id: int, trader_id: int) -> None:
    """Safe to repeat."""
    Follow.objects.filter(follower_id=follower_id, trader_id=trader_id).delete()
