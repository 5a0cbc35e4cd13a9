"""Pages that explain: how it works, the glossary, the stream, and every error code."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.error_guide import ERROR_GUIDE, FIELD_GUIDE
from common.errors import DomainError
from trading.web.stream_guide import stream_guide


@dataclass(frozen=True, slots=True)
class ErrorCode:
    code: str
    title: str
    status: int
    cause: str
    fix: str


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    return render(request, "trading/how_it_works.html")


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/glossary.html")


@require_safe
def stream(request: HttpRequest) -> HttpResponse:
    guide = stream_guide()
    parts = (
        ("Commands", "commands", guide.commands),
        ("Answers", "answers", guide.answers),
        ("Frames", "frames", guide.frames),
    )
    return render(request, "docs/stream.html", {"guide": guide, "parts": parts})


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/errors.html", {"codes": error_codes(), "fields": FIELD_GUIDE})


def error_codes() -> tuple[ErrorCode, ...]:
    """Every refusal that a user can cause, by code."""
    found = {error.code: error for error in _descendants(DomainError)}
    return tuple(
        ErrorCode(code, error.title, error.status, ERROR_GUIDE[code].cause, ERROR_GUIDE[code].fix)
        for code, error in sorted(found.items())
        if code in ERROR_GUIDE
    )


def _descendants(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in error.__subclasses__():
        if not child.__subclasses__():
            yield child
        yield from _descendants(child)
