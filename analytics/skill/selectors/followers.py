"""Who follows whom."""

from typing import Final

from analytics.skill.models import Follow

FOLLOWERS_MAX: Final = 10_000


def followers_of(trader_id: int) -> list[int]:
    """The active ones, those who have followed longest first; at most ``FOLLOWERS_MAX``."""
    rows = Follow.objects.filter(trader_id=trader_id, follower__is_active=True).order_by("created_at", "follower_id")
    return list(rows.values_list("follower_id", flat=True)[:FOLLOWERS_MAX])
