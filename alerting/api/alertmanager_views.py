"""Where Alertmanager tells its alerts."""

from django.http import HttpRequest, HttpResponse

from alerting.api import alertmanager_operations
from alerting.api.alertmanager_forms import foreign_alerts_from
from alerting.services.take_foreign_alerts import take_foreign_alerts
from common.api.access import MARK_EVENTS
from common.api.fields import json_body
from common.api.responses import json_response
from common.api.views import ApiView


class AlertmanagerView(ApiView):
    access = MARK_EVENTS

    @alertmanager_operations.receive_alertmanager
    def post(self, request: HttpRequest) -> HttpResponse:
        taken = take_foreign_alerts(alerts=foreign_alerts_from(json_body(request)))
        return json_response({"begun": taken.begun, "ended": taken.ended, "known": taken.known})
