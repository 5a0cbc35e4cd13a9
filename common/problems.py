"""RFC 9457 problem documents: the one shape of every failure of the API."""

from typing import Any, Final

from common.errors import DomainError

CONTENT_TYPE: Final = "application/problem+json"
#: ``type`` is the address of the code's page in the documentation served by this site.
TYPE_PREFIX: Final = "/docs/errors/"


def problem_document(
    *, code: str, title: str, status: int, detail: str, extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A document without ``instance`` and ``request_id``, which belong to one exchange only."""
    return {
        "type": f"{TYPE_PREFIX}{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **(extra or {}),
    }


def problem_from_error(error: DomainError) -> dict[str, Any]:
    document = problem_document(
        code=error.code, title=error.title, status=error.status, detail=error.detail, extra=error.extra
    )
    if error.errors:
        document["errors"] = [{"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in error.errors]
    return document
