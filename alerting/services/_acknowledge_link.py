"""The link in a message that acknowledges an alert without signing in.

Contract   It is about one alert and one channel, nobody can make one without the site's key, and it lapses. Opening it
           changes nothing: programs look at links as well. The page asks, and its answer acknowledges.
"""

from typing import Final, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

VALID_S: Final = 24 * 3600
_SALT: Final = "alerting.acknowledge"


class Link(NamedTuple):
    alert_id: int
    channel: str


def acknowledge_url(alert_id: str, channel: str) -> str:
    """Empty when there is no alert that it would be about."""
    if not alert_id:
        return ""
    token = TimestampSigner(salt=_SALT).sign_object([alert_id, channel], compress=True)
    return f"{settings.PUBLIC_URL}/alerts/acknowledge/{token}"


def read_link(token: str) -> Link | None:
    """None for one that isn't ours or has lapsed."""
    try:
        alert_id, channel = TimestampSigner(salt=_SALT).unsign_object(token, max_age=VALID_S)
    except (BadSignature, SignatureExpired, ValueError):
        return None
    return Link(int(alert_id), str(channel))
