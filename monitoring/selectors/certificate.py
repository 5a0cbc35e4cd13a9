"""How long the certificate of the site's public address is still good.

Contract   Only asked when ``PUBLIC_URL`` begins with https, and only of that address, which the operator sets.
Bound      One handshake of at most ``TIMEOUT_S`` seconds in ``EVERY_S``.
"""

import socket
import ssl
import threading
import time
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

EVERY_S: Final = 3_600.0
TIMEOUT_S: Final = 2.0
_DAY_S: Final = 86_400.0


class _Kept:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.ends_at: float | None = None


_kept = _Kept()


def certificate_days(now: float) -> float | None:
    """Days until it ends; None without one, or when it can't be asked."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https" or not parts.hostname:
        return None
    with _kept.lock:
        if time.monotonic() >= _kept.until:
            _kept.ends_at = certificate_end(parts.hostname, parts.port or 443)
            _kept.until = time.monotonic() + EVERY_S
        return None if _kept.ends_at is None else (_kept.ends_at - now) / _DAY_S


def certificate_end(host: str, port: int, context: ssl.SSLContext | None = None) -> float | None:
    """When the certificate ends, seconds since the epoch; a bad one ended long ago."""
    context = context or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            found = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError:
        return 0.0
    except OSError:
        return None
    return ssl.cert_time_to_seconds(str(found["notAfter"])) if "notAfter" in found else None
