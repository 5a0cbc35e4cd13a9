"""The worst that is wrong at the moment, for who must keep still meanwhile."""

from alerting.models import Incident
from alerting.types import Severity


def standing_incident() -> str:
    """A sentence about the worst open incident that is critical; empty when there is none."""
    found = Incident.objects.filter(ended_at=None, severity__gte=int(Severity.CRITICAL)).order_by("-severity", "pk")
    title = found.values_list("title", flat=True).first()
    return "" if title is None else f"There is an incident: {title}"


def open_count(most: int = 100) -> int:
    """How many incidents are open, counted up to ``most``."""
    return len(Incident.objects.filter(ended_at=None).values_list("pk")[:most])
