"""A message that never arrived counts as not told: what it said is news at the group's next look."""

from alerting.models import ToldLog


def take_back_notice(*, key: str) -> bool:
    """Returns: whether it was the newest of its group and channel"""
    gone, _ = ToldLog.objects.filter(message_key=key).delete()
    return bool(gone)
