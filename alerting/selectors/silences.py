"""Silences for lists and calendars."""

from datetime import datetime
from typing import Final

from alerting.models import Silence

SILENCES_MAX: Final = 500


def listed_silences(*, since: datetime) -> list[Silence]:
    """Those that ended at ``since`` or later, or haven't, the one that ends last first."""
    return list(Silence.objects.filter(ends_at__gte=since).order_by("-ends_at", "-pk")[:SILENCES_MAX])
