"""The page behind the acknowledge link of a message: asks, then acknowledges, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerting.selectors.alert_facts import AlertFact, alert_fact
from alerting.services._acknowledge_link import read_link
from alerting.services.acknowledge import acknowledge_alert
from common.client_ip import client_ip


# The token is the right to do it; there may be no session and so no CSRF cookie.
@csrf_exempt  # nosemgrep: csrf-exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def acknowledge_link(request: HttpRequest, token: str) -> HttpResponse:
    link = read_link(token)
    alert: AlertFact | None = alert_fact(link.alert_id) if link is not None else None
    if link is None or alert is None:
        return render(request, "alerting/acknowledge.html", {"alert": None}, status=404)
    is_done = request.method == "POST" and alert.is_open
    if is_done:
        acknowledge_alert(alert_id=link.alert_id, by=f"link in {link.channel}"[:150], ip=client_ip(request))
    return render(request, "alerting/acknowledge.html", {"alert": alert, "is_done": is_done})
