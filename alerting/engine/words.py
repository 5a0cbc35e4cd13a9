"""What a notice says, before it is said in somebody's language.

Contract   ``code`` names a text of ``alerting.selectors.wording``, ``data`` is what stands in it, ready for JSON. What
           people wrote themselves (a question, a comment) is a plain string, and the same in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


Text = str | Words


def document_of(title: Text, text: Text) -> dict[str, Any]:
    """What to keep of the two, so that they can be said again; plain strings are kept as strings elsewhere."""
    given = {"title": title, "text": text}
    return {name: [one.code, dict(one.data)] for name, one in given.items() if isinstance(one, Words)}


def text_of(document: Mapping[str, Any], name: str, plain: str) -> Text:
    """The ``title`` or ``text`` of a document, or the plain string that was kept."""
    kept = document.get(name)
    return plain if kept is None else Words(str(kept[0]), kept[1])
