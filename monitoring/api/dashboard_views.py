"""The site at a glance, and dashboards of one's own."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

from common import clock
from common.api.access import MEASURE, OWN_DASHBOARDS
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from monitoring.api import operations
from monitoring.api.dashboard_forms import DashboardForm, dashboard_from
from monitoring.api.documents import alert_panel_document, dashboard_document, summary_document
from monitoring.errors import DashboardNotFound
from monitoring.selectors.alert_panel import alert_panel
from monitoring.selectors.dashboards import own_dashboard, own_dashboards, shared_dashboard
from monitoring.selectors.overview import overview
from monitoring.selectors.thresholds import current_thresholds
from monitoring.services.delete_dashboard import delete_dashboard
from monitoring.services.save_dashboard import save_dashboard
from monitoring.services.share_dashboard import share_dashboard

ALERTS_MAX: Final = 20
_DAY: Final = timedelta(days=1)


class DashboardSummaryView(ApiView):
    access = MEASURE

    @operations.get_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        now = clock.now()
        alerts = alert_panel(start=now - _DAY, end=now, limit=ALERTS_MAX)
        document = summary_document(overview(), current_thresholds(), now)
        return json_response(document | {"alerts": alert_panel_document(alerts)})


class DashboardsView(ApiView):
    access_by_method = {"GET": MEASURE, "POST": OWN_DASHBOARDS}

    @operations.list_dashboards
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        user_id = _user_id(request)
        items = [dashboard_document(found, user_id) for found in own_dashboards(user_id)]
        return json_response({"items": items, "next_cursor": None})

    @operations.create_dashboard
    def post(self, request: HttpRequest) -> HttpResponse:
        made = _saved(request, None)
        response = _own(request, made, status=201)
        response.headers["Location"] = f"/api/v1/advanced-dashboard/dashboards/{made}"
        return response


class DashboardView(ApiView):
    access_by_method = {"GET": MEASURE, "PUT": OWN_DASHBOARDS, "DELETE": OWN_DASHBOARDS}

    @operations.get_dashboard
    def get(self, request: HttpRequest, dashboard_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return _own(request, int(dashboard_id))

    @operations.replace_dashboard
    def put(self, request: HttpRequest, dashboard_id: str) -> HttpResponse:
        return _own(request, _saved(request, int(dashboard_id)))

    @operations.delete_dashboard
    def delete(self, request: HttpRequest, dashboard_id: str) -> HttpResponse:
        answer = _own(request, int(dashboard_id))
        delete_dashboard(owner_id=_user_id(request), dashboard_id=int(dashboard_id))
        return answer


class DashboardShareView(ApiView):
    access = OWN_DASHBOARDS

    @operations.share_dashboard
    def post(self, request: HttpRequest, dashboard_id: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        return self._share(request, int(dashboard_id), is_shared=True)

    @operations.unshare_dashboard
    def delete(self, request: HttpRequest, dashboard_id: str) -> HttpResponse:
        return self._share(request, int(dashboard_id), is_shared=False)

    def _share(self, request: HttpRequest, dashboard_id: int, *, is_shared: bool) -> HttpResponse:
        share_dashboard(owner_id=_user_id(request), dashboard_id=dashboard_id, is_shared=is_shared)
        return _own(request, dashboard_id)


class SharedDashboardView(ApiView):
    access = MEASURE

    @operations.get_shared
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = shared_dashboard(token)
        if found is None:
            raise DashboardNotFound("The link leads nowhere. Ask its owner to share the dashboard again.")
        return json_response(dashboard_document(found, _user_id(request)))


def _user_id(request: HttpRequest) -> int:
    user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return user_id


def _saved(request: HttpRequest, dashboard_id: int | None) -> int:
    form: DashboardForm = dashboard_from(json_body(request))
    saved = save_dashboard(
        owner_id=_user_id(request),
        dashboard_id=dashboard_id,
        name=form.name,
        span=form.span,
        panels=form.panels,
    )
    return int(saved.pk)


def _own(request: HttpRequest, dashboard_id: int, *, status: int = 200) -> HttpResponse:
    user_id = _user_id(request)
    found = own_dashboard(user_id, dashboard_id)
    if found is None:
        raise DashboardNotFound(f"There is no dashboard {dashboard_id} of yours.")
    return json_response(dashboard_document(found, user_id), status=status)
