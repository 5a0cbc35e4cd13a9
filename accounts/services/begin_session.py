"""Remember that somebody signed in, with which browser and from where.

Contract   The account's first browser is nothing new; any later one that it hasn't seen within
           ``tidy_sessions.KNOWN_FOR`` is told to its owner.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.engine.devices import device_of
from accounts.models import AccountSession
from accounts.services.note_security import note_security
from accounts.types import SecurityChange
from common import clock


@dataclass(frozen=True, slots=True)
class Client:
    """``device`` is the mark that the browser sent, ``is_marked`` whether it did; ``network`` is no full address."""

    device: str
    is_marked: bool
    user_agent: str
    network: str


@transaction.atomic
def begin_session(*, user_id: int, session_key: str, client: Client) -> int:
    """The id of the new row."""
    own = AccountSession.objects.filter(user_id=user_id)
    is_known = client.is_marked and own.filter(device=client.device).exists()
    device, now = device_of(client.user_agent), clock.now()
    if not is_known and own.exists():
        detail = ", ".join(part for part in (device.browser, device.system, client.network) if part)
        note_security(user_id=user_id, change=SecurityChange.SIGN_IN, detail=detail)
    row = AccountSession.objects.create(
        user_id=user_id,
        session_key=session_key,
        device=client.device,
        browser=device.browser,
        system=device.system,
        network=client.network,
        signed_in_at=now,
        seen_at=now,
    )
    return row.pk
