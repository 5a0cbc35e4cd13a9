"""Dashboards that people keep."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from monitoring.engine.layout import Panel, panel_of
from monitoring.models import Dashboard


@dataclass(frozen=True, slots=True)
class DashboardView:
    id: int
    owner_id: int
    owner: str
    name: str
    span: str
    panels: tuple[Panel, ...]
    share_token: str | None
    created_at: datetime
    updated_at: datetime


def own_dashboards(owner_id: int) -> list[DashboardView]:
    """All of a person's, by name."""
    return [_view(found) for found in _named().filter(owner_id=owner_id).order_by("name", "id")]


def own_dashboard(owner_id: int, dashboard_id: int) -> DashboardView | None:
    found = _named().filter(owner_id=owner_id, pk=dashboard_id).first()
    return None if found is None else _view(found)


def shared_dashboard(token: str) -> DashboardView | None:
    """The one that a link leads to, while it is shared."""
    found = _named().filter(share_token=token).first()
    return None if found is None else _view(found)


def _named() -> "QuerySet[Dashboard]":
    return Dashboard.objects.annotate(owner_name=F("owner__username"))


def _view(found: Dashboard) -> DashboardView:
    return DashboardView(
        id=found.pk,
        owner_id=found.owner_id,
        owner=found.owner_name,  # type: ignore[attr-defined]
        name=found.name,
        span=found.span,
        panels=tuple(panel_of(panel) for panel in found.layout),
        share_token=found.share_token,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )
