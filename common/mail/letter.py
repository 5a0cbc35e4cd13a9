"""An e-mail as plain values that can wait in the database.

Contract   ``message_from(letter_of(message))`` says the same to the same people. Its Message-ID and date are those of
           the moment it was written, so that two copies of it can be told from two letters.
"""

import base64
from email.mime.base import MIMEBase
from email.utils import formatdate
from typing import Any

from django.core.mail import EmailMultiAlternatives, make_msgid
from django.core.mail.message import EmailMessage
from django.core.mail.utils import DNS_NAME


def letter_of(message: EmailMessage) -> dict[str, Any]:
    """Ready for JSON."""
    own = {"Message-ID": make_msgid(domain=DNS_NAME), "Date": formatdate()}
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": own | {name: str(value) for name, value in message.extra_headers.items()},
        "alternatives": [[str(part[0]), part[1]] for part in getattr(message, "alternatives", [])],
        "attachments": [_attachment(part) for part in message.attachments],
    }


def message_from(letter: dict[str, Any]) -> EmailMultiAlternatives:
    fields = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "headers")
    message = EmailMultiAlternatives(**{name: letter[name] for name in fields})
    message.content_subtype = letter["subtype"]
    for content, mimetype in letter["alternatives"]:
        message.attach_alternative(content, mimetype)
    for name, content, mimetype in letter["attachments"]:
        message.attach(name, base64.b64decode(content), mimetype)
    return message


def _attachment(part: Any) -> list[str | None]:
    assert not isinstance(part, MIMEBase), "attach a name, the content and its type"
    name, content, mimetype = part
    raw = content.encode() if isinstance(content, str) else bytes(content)
    return [name, base64.b64encode(raw).decode(), mimetype]
