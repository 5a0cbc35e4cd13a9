"""A message as Slack shows it.

Contract   What people wrote can't become a mention or a link: the three characters that Slack reads are escaped.
           Every text keeps Slack's lengths.
"""

from collections.abc import Callable
from typing import Any, Final

from alerting.engine.channels.content import MessageContent

_HEADER_MAX: Final = 150
_TEXT_MAX: Final = 2_900
_FIELDS_MAX: Final = 10
_SIGNS: Final = {"info": "ℹ️", "warning": "⚠️", "critical": "🔴", "emergency": "🚨"}  # noqa: RUF001

#: Words of this module in the reader's language.
Say = Callable[[str], str]


def fallback_of(content: MessageContent, say: Say) -> str:
    return escaped(_title(content, say))


def blocks_of(content: MessageContent, acknowledge_url: str, say: Say) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"type": "header", "text": _plain(_title(content, say)[:_HEADER_MAX])}]
    if content.text:
        found.append({"type": "section", "text": _marked(content.text[:_TEXT_MAX])})
    if content.facts:
        fields = [_marked(f"*{name}*\n{value}"[:1_900]) for name, value in content.facts[:_FIELDS_MAX]]
        found.append({"type": "section", "fields": fields})
    if buttons := _buttons(content, acknowledge_url, say):
        found.append({"type": "actions", "elements": buttons})
    return found


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _title(content: MessageContent, say: Say) -> str:
    sign = "✅" if content.is_resolved else _SIGNS.get(content.severity, "")
    words = f"{say('Resolved')}: {content.title}" if content.is_resolved else content.title
    return f"{sign} {words}".strip()


def _buttons(content: MessageContent, acknowledge_url: str, say: Say) -> list[dict[str, Any]]:
    found = []
    if acknowledge_url and not content.is_resolved:
        found.append({"type": "button", "text": _plain(say("Acknowledge")), "url": acknowledge_url, "style": "primary"})
    if content.url:
        found.append({"type": "button", "text": _plain(say("Open the page")), "url": content.url})
    return found


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def _marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": escaped(text)}
