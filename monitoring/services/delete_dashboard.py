"""Throw a dashboard of one's own away."""

from monitoring.errors import DashboardNotFound
from monitoring.models import Dashboard


def delete_dashboard(*, owner_id: int, dashboard_id: int) -> Dashboard:
    """Delete it, its link included; answers what it was.

    Raises: DashboardNotFound
    """
    found = Dashboard.objects.filter(owner_id=owner_id, pk=dashboard_id).first()
    if found is None:
        raise DashboardNotFound(f"There is no dashboard {dashboard_id} of yours.")
    found.delete()
    found.pk = dashboard_id
    return found
