"""Tell people something, each as they want to be told.

Contract   A line in their list, a letter, both or neither, by their preference for the kind; the letter in the language
           of who gets it, the line in that of whoever reads it. Told again under the same
           key, the line changes and no second letter goes. In the caller's transaction.
"""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation

from accounts.selectors.people import contacts
from alerting.engine.channels.content import MessageContent
from alerting.engine.words import Text
from alerting.selectors.preferences import preferences_of
from alerting.selectors.wording import said
from alerting.services._notices import write_notices
from alerting.services._unsubscribe_link import unsubscribe_url
from alerting.services.provide_channels import EMAIL
from alerting.services.queue_message import queue_message


def tell(
    people: Sequence[int], *, kind: str, key: str, title: Text, text: Text, path: str, has_letter: bool = True
) -> None:
    """``path`` is the page that it is about; without ``has_letter`` another letter tells of it already."""
    wishes = preferences_of(people, kind)
    listed = [user_id for user_id in people if wishes[user_id].in_app]
    write_notices(listed, kind=kind, key=key, title=title, text=text, url=path)
    by_letter = contacts([user_id for user_id in people if has_letter and wishes[user_id].email])
    for user_id, person in by_letter.items():
        if not person.email:
            continue
        with translation.override(person.language or settings.LANGUAGE_CODE):
            content = MessageContent(
                said(title),
                said(text),
                url=f"{settings.PUBLIC_URL}{path}",
                type=f"notification.{kind}",
                unsubscribe_url=unsubscribe_url(user_id, kind),
            )
        digest = hashlib.sha256(f"{kind} {key} {user_id}".encode()).hexdigest()[:40]
        queue_message(
            key=f"n-{digest}",
            channel=EMAIL,
            content=content,
            source="notification",
            recipient=person.email,
            user_id=user_id,
            reason=kind,
        )
