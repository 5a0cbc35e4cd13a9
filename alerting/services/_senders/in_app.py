"""In-app: a line in the list of everybody it is for, shown at once where a page is open."""

from django.db import transaction

from accounts.selectors.handles import user_ids
from accounts.selectors.permitted import people_with_permission
from alerting.models import NoticeKind
from alerting.services._notices import write_notices
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent

PERMISSION = "monitoring.view_measurement"


def send(outgoing: Outgoing) -> Sent:
    people = [outgoing.user_id] if outgoing.user_id else _people(outgoing)
    if not people:
        raise SendFailed("There is nobody to tell.", is_permanent=True)
    content = outgoing.content
    title = f"Resolved: {content.title}" if content.is_resolved else content.title
    with transaction.atomic():
        write_notices(
            people,
            kind=NoticeKind.ALERT,
            # One line for a thread, which changes as the thread does.
            key=f"alert:{outgoing.thread or outgoing.key}",
            title=title,
            text=content.text,
            url=content.url,
            severity="" if content.is_resolved else content.severity,
        )
    return Sent(f"Told {len(people)}.")


def _people(outgoing: Outgoing) -> list[int]:
    names = outgoing.config["people"]
    return list(user_ids(names).values()) if names else people_with_permission(PERMISSION)
