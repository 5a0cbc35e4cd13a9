"""Note that a session is still in use, and under which key."""

from accounts.models import AccountSession
from common import clock


def keep_session(*, session_id: int, user_id: int, session_key: str) -> bool:
    """False when it was ended: then whoever holds the session has to let it go."""
    rows = AccountSession.objects.filter(pk=session_id, user_id=user_id, ended_at=None)
    return bool(rows.update(seen_at=clock.now(), session_key=session_key))
