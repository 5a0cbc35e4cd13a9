"""The language of what people read: of the person whom it is for, else of the channel, else English."""

from dataclasses import replace
from typing import Final

from django.conf import settings
from django.utils import translation

from accounts.selectors.people import contacts
from alerting.engine.channels.content import MessageContent
from alerting.services._senders.outgoing import Outgoing, Sender, Sent
from common.phrases import said

#: Types of content that no person wrote.
_OURS: Final = ("alert", "bundle")


def language_of(outgoing: Outgoing) -> str:
    if outgoing.user_id is None:
        return str(outgoing.config.get("language") or settings.LANGUAGE_CODE)
    person = contacts([outgoing.user_id]).get(outgoing.user_id)
    return person.language if person is not None and person.language else settings.LANGUAGE_CODE


def told(content: MessageContent) -> MessageContent:
    """What engines say of alerts, in the active language; notices of people are told in theirs already. The severity
    stays, since senders choose a sign by it."""
    if not content.type.startswith(_OURS):
        return content
    facts = tuple((said(name), said(value)) for name, value in content.facts)
    return replace(content, title=said(content.title), text=said(content.text), facts=facts)


def in_its_language(send: Sender) -> Sender:
    def telling(outgoing: Outgoing) -> Sent:
        with translation.override(language_of(outgoing)):
            return send(replace(outgoing, content=told(outgoing.content)))

    return telling
