"""What a message says, whichever channel carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

TITLE_MAX: Final = 200
TEXT_MAX: Final = 4_000
FACTS_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class MessageContent:
    """``facts`` are names with values; ``alert_id`` is what the acknowledge link is about, empty for none.

    ``type`` is what programs sort it by, such as ``alert.firing``. ``unsubscribe_url`` is of letters that a person can
    do without. ``payload`` is the whole body, as it was written, where a program is told of an event.
    """

    title: str
    text: str = ""
    severity: str = ""
    url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    is_resolved: bool = False
    alert_id: str = ""
    type: str = "alert"
    unsubscribe_url: str = ""
    payload: str = ""


def document_of(content: MessageContent) -> dict[str, Any]:
    """Ready for JSON, and no longer than a message may be."""
    found = asdict(content)
    found["title"] = _cut(content.title, TITLE_MAX)
    found["text"] = _cut(content.text, TEXT_MAX)
    found["facts"] = [[_cut(name, 80), _cut(value, 500)] for name, value in content.facts[:FACTS_MAX]]
    return found


def content_of(document: Mapping[str, Any]) -> MessageContent:
    facts = tuple((str(name), str(value)) for name, value in document["facts"])
    return MessageContent(**{**document, "facts": facts})


def bundle_of(contents: Sequence[MessageContent]) -> MessageContent:
    """Several messages as one, the worst of their severities in front."""
    assert contents
    if len(contents) == 1:
        return contents[0]
    lines = [f"- {_mark(one)}{one.title}" for one in contents]
    worst = max((one.severity for one in contents), key=_rank)
    return MessageContent(
        title=f"{len(contents)} messages: {contents[0].title}",
        text="\n".join(lines),
        severity=worst,
        url=contents[0].url,
        is_resolved=all(one.is_resolved for one in contents),
        type="bundle",
        unsubscribe_url=contents[0].unsubscribe_url,
    )


def _mark(one: MessageContent) -> str:
    return "Resolved: " if one.is_resolved else ""


def _rank(severity: str) -> int:
    known = ("", "info", "warning", "critical", "emergency")
    return known.index(severity) if severity in known else 0


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
