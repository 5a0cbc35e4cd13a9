"""E-mail: HTML and text, in threads, through the site's mail server or the channel's own.

Contract   The Message-ID follows from the key, so that copies of a repetition can be told from two letters. Later
           letters of a thread refer to its first one.
"""

import hashlib
import json
import smtplib
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors.people import contacts
from accounts.selectors.permitted import people_with_permission
from alerting.services._acknowledge_link import acknowledge_url
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from alerting.services._senders.telling import language_of, told
from common.phrases import said

_LETTER: Final = "alerting/messages/letter"
_DIGEST: Final = "notification.digest"
_PERMISSION: Final = "monitoring.operate_platform"
_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"


def send(outgoing: Outgoing) -> Sent:
    recipients = [outgoing.recipient] if outgoing.recipient else outgoing.config["recipients"] or _operators()
    if not recipients:
        raise SendFailed("The channel has no recipients.", is_permanent=True)
    message = letter(outgoing, recipients)
    message.connection = _connection(outgoing)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise SendFailed("Every recipient was refused.", is_permanent=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise SendFailed("The mail server refused user name and password.", is_permanent=True) from error
    except smtplib.SMTPResponseException as error:
        raise SendFailed(
            f"The mail server answered {error.smtp_code}.", is_permanent=500 <= error.smtp_code < 600
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendFailed(f"The mail server can't be reached: {type(error).__name__}.") from error
    finally:
        _close(message.connection)
    return Sent(f"Handed over for {len(recipients)}.", outgoing.reference or message.extra_headers["Message-ID"])


def _close(connection: Any) -> None:
    """Django leaves the connection open when the server doesn't let us in."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def letter(outgoing: Outgoing, recipients: list[str]) -> EmailMultiAlternatives:
    """In the language of the person whom it is for, else of the channel."""
    with translation.override(language_of(outgoing)):
        content = told(outgoing.content)
        return _letter(replace(outgoing, content=replace(content, severity=said(content.severity))), recipients)


def _letter(outgoing: Outgoing, recipients: list[str]) -> EmailMultiAlternatives:
    content = outgoing.content
    context: dict[str, Any] = {
        "content": content,
        "acknowledge_url": "" if content.is_resolved else acknowledge_url(content.alert_id, outgoing.channel_name),
        "site_url": settings.PUBLIC_URL,
    }
    template = _LETTER
    if content.type == _DIGEST and content.payload:
        template = "alerting/messages/digest"
        context["sections"] = json.loads(content.payload)
    message = EmailMultiAlternatives(
        subject=_subject(outgoing),
        body=render_to_string(f"{template}.txt", context),
        from_email=outgoing.config["sender"] or settings.DEFAULT_FROM_EMAIL,
        to=recipients,
        headers=_headers(outgoing),
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def _operators() -> list[str]:
    """Whom a channel without recipients tells."""
    return sorted({one.email for one in contacts(people_with_permission(_PERMISSION)).values() if one.email})


def _subject(outgoing: Outgoing) -> str:
    content = outgoing.content
    mark = said("Resolved") if content.is_resolved else content.severity.capitalize()
    title = " ".join(content.title.split())
    return f"[{mark}] {title}" if mark else title


def _headers(outgoing: Outgoing) -> dict[str, str]:
    digest = hashlib.sha256(outgoing.key.encode()).hexdigest()[:32]
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    found = {"Message-ID": f"<{digest}@{host}>", "Auto-Submitted": "auto-generated"}
    if outgoing.reference:
        found |= {"In-Reply-To": outgoing.reference, "References": outgoing.reference}
    if outgoing.content.unsubscribe_url:
        found["List-Unsubscribe"] = f"<{outgoing.content.unsubscribe_url}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def _connection(outgoing: Outgoing) -> Any:
    config = outgoing.config
    if not config["server"]:
        return get_connection(settings.EMAIL_SENDER, timeout=outgoing.timeout_s)
    security = config["security"]
    return get_connection(
        _SMTP,
        host=config["server"],
        port=config["port"] or {"tls": 465, "starttls": 587, "none": 25}[security],
        username=config["username"],
        password=config["password"],
        use_tls=security == "starttls",
        use_ssl=security == "tls",
        timeout=outgoing.timeout_s,
    )
