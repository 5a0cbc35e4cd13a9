"""Remember how often somebody wants a letter with what is new."""

from accounts.selectors.people import contacts
from alerting.engine.digests import next_digest_at
from alerting.models import Digest, DigestPace
from common import clock


def set_digest(*, user_id: int, pace: DigestPace | None) -> None:
    """``None``: no more. Set again as it was, nothing changes; a new one tells of what comes from now on."""
    if pace is None:
        Digest.objects.filter(user=user_id).delete()
        return
    row = Digest.objects.filter(user=user_id).first()
    if row is not None and row.pace == pace:
        return
    now, person = clock.now(), contacts([user_id]).get(user_id)
    zone = "" if person is None else person.time_zone
    moments = {"next_at": next_digest_at(now, is_weekly=pace is DigestPace.WEEKLY, time_zone=zone)}
    Digest.objects.update_or_create(
        user_id=user_id,
        defaults={"pace": pace.value, **moments},
        create_defaults={"pace": pace.value, "since": now, **moments},
    )
