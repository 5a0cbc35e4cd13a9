"""Remember that somebody signed in, with which browser and from where.

Contract   The account's first browser is nothing new; any later one that it hasn't seen within
           ``tidy_sessions.KNOWN_FOR`` is told to its owner. A session that was there before the list is no sign-in.
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
def begin_session(*, user_id: int, session_key: str, client: Client, is_sign_in: bool = True) -> int:
    """The id of the row."""
    own = AccountSession.objects.filter(user_id=user_id)
    if not is_sign_in and (row := own.filter(session_key=session_key, ended_at=None).first()):
        # Another page of the same browser was faster.
        return row.pk
    is_known = client.is_marked and own.filter(device=client.device).exists()
    device, now = device_of(client.user_agent), clock.now()
    if is_sign_in and not is_known and own.exists():
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
