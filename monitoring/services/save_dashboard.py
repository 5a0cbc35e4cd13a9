"""Keep a dashboard of one's own, new or changed."""

from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction

from common import clock
from common.text import clean_text
from monitoring.engine.layout import NAME_MAX, PANELS_MAX, Panel, document_of, fault_of
from monitoring.engine.spans import SPANS
from monitoring.errors import DashboardInvalid, DashboardNameTaken, DashboardNotFound, TooManyDashboards
from monitoring.models import Dashboard

DASHBOARDS_MAX: Final = 50


def save_dashboard(
    *, owner_id: int, dashboard_id: int | None = None, name: str, span: str, panels: Sequence[Panel]
) -> Dashboard:
    """Store a new dashboard, or replace the one with ``dashboard_id``; a link to it goes on to work.

    Raises: DashboardInvalid, DashboardNameTaken, DashboardNotFound, TooManyDashboards
    """
    _check(span, panels)
    dashboard = _own(owner_id, dashboard_id)
    dashboard.name, dashboard.span = _clean_name(name), span
    dashboard.layout = [document_of(panel) for panel in panels]
    dashboard.updated_at = clock.now()
    try:
        with transaction.atomic():
            dashboard.save()
    except IntegrityError as problem:
        detail = f"You have a dashboard called {dashboard.name!r}. Choose another name."
        raise DashboardNameTaken(detail, field="/name") from problem
    return dashboard


def _own(owner_id: int, dashboard_id: int | None) -> Dashboard:
    own = Dashboard.objects.filter(owner_id=owner_id)
    if dashboard_id is None:
        if own.count() >= DASHBOARDS_MAX:
            raise TooManyDashboards(f"You have {DASHBOARDS_MAX} dashboards. Delete one that you don't use.")
        return Dashboard(owner_id=owner_id, created_at=clock.now())
    found = own.filter(pk=dashboard_id).first()
    if found is None:
        raise DashboardNotFound(f"There is no dashboard {dashboard_id} of yours.")
    return found


def _clean_name(name: str) -> str:
    try:
        return clean_text(name, length_min=1, length_max=NAME_MAX)
    except ValueError as problem:
        raise DashboardInvalid(f"The name {problem}.", field="/name") from problem


def _check(span: str, panels: Sequence[Panel]) -> None:
    if span not in SPANS:
        raise DashboardInvalid(f"Send one of: {', '.join(SPANS)}.", field="/range")
    if not 1 <= len(panels) <= PANELS_MAX:
        raise DashboardInvalid(f"Send 1 to {PANELS_MAX} panels.", field="/layout")
    for index, panel in enumerate(panels):
        fault = fault_of(panel)
        if fault is not None:
            raise DashboardInvalid(fault[1], field=f"/layout/{index}/{fault[0]}")
