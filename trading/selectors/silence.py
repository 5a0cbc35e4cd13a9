"""Heartbeats of trading programs."""

from trading.models import Heartbeat


def heartbeat_of(user_id: int) -> Heartbeat | None:
    """The trader's heartbeat, on or off; ``None`` if there never was one."""
    return Heartbeat.objects.filter(user_id=user_id).first()
