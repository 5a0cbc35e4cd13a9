"""Give others a link to a dashboard, or take it back."""

import secrets
from typing import Final

from monitoring.errors import DashboardNotFound
from monitoring.models import Dashboard

_TOKEN_BYTES: Final = 32


def share_dashboard(*, owner_id: int, dashboard_id: int, is_shared: bool) -> Dashboard:
    """Whoever may read measurements can read it by its link until the link is taken back.

    Sharing again keeps the link; a link that was taken back never works again.

    Raises: DashboardNotFound
    """
    found = Dashboard.objects.filter(owner_id=owner_id, pk=dashboard_id).first()
    if found is None:
        raise DashboardNotFound(f"There is no dashboard {dashboard_id} of yours.")
    if is_shared != (found.share_token is not None):
        found.share_token = secrets.token_urlsafe(_TOKEN_BYTES) if is_shared else None
        found.save(update_fields=["share_token"])
    return found
