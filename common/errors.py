"""The root of every refusal that a user can cause.

DomainError
    subclasses live in each app's ``errors`` module and set ``code``, ``title`` and ``status``

Rendered in one place each: ``common.api.problems`` for the API and forms for pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """One field that has to change: ``pointer`` is a JSON pointer such as ``/quantity``."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A rule was not met; nothing was changed.

    ``code`` is stable and dotted, ``detail`` a sentence with the fix, ``extra`` what the caller
    needs to act (``available``, ``required``, ``retry_after``, ``seq``), JSON-ready.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "The request was refused."
    status: ClassVar[int] = 422

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        errors: tuple[FieldError, ...] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or ((FieldError(field, self.code, detail),) if field else ())
        self.extra = dict(extra or {})
