"""Note that somebody signed out; the session itself is let go by whoever signs them out."""

from accounts.models import AccountSession
from common import clock


def leave_session(*, session_id: int, user_id: int) -> None:
    rows = AccountSession.objects.filter(pk=session_id, user_id=user_id, ended_at=None)
    rows.update(ended_at=clock.now())
