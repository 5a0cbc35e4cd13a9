"""``GET /metrics``: who may read it, and in which of the two formats.

Access     The bearer of METRICS_TOKEN, or a peer in METRICS_NETWORKS whose request came straight from there; everybody
           else gets 403. With ``METRICS_ENABLED=false`` there is no such route.
"""

import ipaddress
import secrets
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.api.errors import RouteUnknown
from common.api.responses import problem_response
from common.client_ip import client_ip
from monitoring.engine.exposition import away, exposition
from monitoring.errors import MetricsRefused
from monitoring.selectors.exposition import published_metrics

PLAIN: Final = "text/plain; version=0.0.4"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0"
_FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_ENABLED:
        return problem_response(RouteUnknown("METRICS_ENABLED is false on this site."), request)
    if not (_has_token(request) or _is_from_trusted_network(request)):
        detail = "Send Authorization: Bearer with METRICS_TOKEN, or scrape from a network of METRICS_NETWORKS."
        return problem_response(MetricsRefused(detail), request)
    is_openmetrics = request.get_preferred_type([PLAIN, OPENMETRICS]) == OPENMETRICS
    response = HttpResponse(
        _text(is_openmetrics), content_type=f"{OPENMETRICS if is_openmetrics else PLAIN}; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _text(is_openmetrics: bool) -> str:
    try:
        published = published_metrics()
    except redis.RedisError:
        return away(is_openmetrics=is_openmetrics)
    return exposition(published, is_openmetrics=is_openmetrics)


def _has_token(request: HttpRequest) -> bool:
    given, token = request.headers.get("Authorization", ""), settings.METRICS_TOKEN
    return bool(token) and secrets.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_from_trusted_network(request: HttpRequest) -> bool:
    if not _is_peer_known(request):
        return False
    text = client_ip(request)
    if not text:
        return False
    address = ipaddress.ip_address(text)
    # A socket that serves both kinds shows IPv4 peers as ::ffff:10.0.0.1.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in _parsed(settings.METRICS_NETWORKS))


def _is_peer_known(request: HttpRequest) -> bool:
    """Whether ``client_ip`` is the one who asks: a proxy that isn't in TRUSTED_PROXIES would lend its own address."""
    if not settings.TRUSTED_PROXIES:
        return not any(header in request.META for header in _FORWARDED)
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return not entries or len(entries.split(",")) >= settings.TRUSTED_PROXIES


@lru_cache(maxsize=4)
def _parsed(networks: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(network) for network in networks)
