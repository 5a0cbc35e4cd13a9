"""The address that a request comes from, as limits and the audit trail count it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The client's address, or ``""`` when there is none (a local socket).

    With ``TRUSTED_PROXIES`` = n the n-th ``X-Forwarded-For`` entry from the right counts, because everything
    left of it was written by the client.
    """
    entries = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    count = settings.TRUSTED_PROXIES
    found = entries[-count] if 0 < count <= len(entries) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""


def client_network(request: HttpRequest) -> str:
    """What a limit counts: the address, or its /64 for IPv6, where one client has that many addresses."""
    found = client_ip(request)
    if ":" not in found:
        return found
    return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)
