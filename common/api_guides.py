"""The guides for those who write programs: one text in docs/, shown there and on the site."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DOCS: Final = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True, slots=True)
class Guide:
    """``name`` is the file in docs/ without its end and the last part of the address."""

    name: str
    title: str
    about: str

    @property
    def path(self) -> Path:
        return _DOCS / f"{self.name}.md"

    @property
    def address(self) -> str:
        return f"/docs/guides/{self.name}"


_ALL: Final = (
    Guide("bot", "A bot in twenty lines", "From a key to orders that are never placed twice."),
    Guide("authentication", "Authentication", "Keys, scopes, sessions, and what a refusal means."),
    Guide("idempotency", "Repeating safely", "Client order ids, idempotency keys, and lost answers."),
    Guide(
        "orders",
        "Stops, pairs, groups, heartbeats",
        "Orders that wait, that cancel each other, and what limits your risk.",
    ),
    Guide("resolving", "Resolving markets", "Who names the result, who may object, and what staff decide in pairs."),
    Guide("pagination", "Pages of lists", "Cursors, filters, sorting, and cheap conditional reads."),
    Guide("rate-limits", "Rate limits", "What is counted, the headers, and how to wait."),
    Guide("streams", "Streams", "One socket for books, trades and your own orders, numbered."),
    Guide("webhooks", "Webhooks", "Signed messages to your own address, and how to check them."),
    Guide("clients", "Generated clients", "Typed clients for Python and TypeScript from the document."),
    Guide("api", "Values and conventions", "Decimal strings, times, orders, errors: one shape for every route."),
)
#: A guide whose text isn't there is not offered.
GUIDES: Final[dict[str, Guide]] = {guide.name: guide for guide in _ALL if guide.path.exists()}
#: Where the files of docs/ are on the site.
LINKS: Final[dict[str, str]] = {f"{guide.name}.md": guide.address for guide in _ALL if guide.path.exists()} | {
    "errors.md": "/docs/errors",
    "glossary.md": "/docs/glossary",
    "openapi.json": "/api/v1/schema",
}
