"""A market's journal for people: the book as it was, and the whole of it as a file."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import get_format
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.problem_words import words_of
from trading.selectors.book_history import PastBook, book_at
from trading.selectors.market_detail import MarketDetail
from trading.selectors.market_pulse import market_seq
from trading.services.request_journal_export import (
    FULL_PERMISSION,
    ExportDetail,
    ExportFormat,
    request_journal_export,
)
from trading.web.limits import limited
from trading.web.market import access_market

_DEPTH: Final = 20
_SEQ_MAX: Final = 2**63 - 1
_FORMATS = [
    (ExportFormat.CSV.value, "CSV"),
    (ExportFormat.JSONL.value, "JSON lines"),
    (ExportFormat.PARQUET.value, "Parquet"),
]


def _moment(text: str) -> datetime:
    """As machines write it, or as the reader's language does: ``22.11.2026 09:30``. Raises: ValueError"""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        for form in get_format("DATETIME_INPUT_FORMATS"):
            with suppress(ValueError):
                return datetime.strptime(text, form)  # noqa: DTZ007  the caller gives the zone
        raise


class MomentForm(forms.Form):
    """A number of the journal, or a time in UTC."""

    at = forms.CharField(
        label=gettext_lazy("Number or time (UTC)"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("1042, or 2026-11-22 09:30:00"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_at(self) -> int | datetime | None:
        text: str = self.cleaned_data["at"].strip()
        if not text:
            return None
        if text.isdecimal() and text.isascii() and 0 < int(text) <= _SEQ_MAX:
            return int(text)
        try:
            at = _moment(text)
        except ValueError:
            raise forms.ValidationError(
                gettext("Write a number such as 1042, or a time such as 2026-11-22 09:30:00.")
            ) from None
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class JournalContext:
    market: MarketDetail
    seq: int
    form: MomentForm
    past: PastBook | None
    formats: list[tuple[str, str]]
    may_see_all: bool


@require_safe
@limited
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    form = MomentForm(request.GET)
    past = _past(detail, form)
    may_see_all = request.user.is_authenticated and request.user.has_perm(FULL_PERMISSION)
    context = JournalContext(detail, market_seq(detail.id) or 0, form, past, _FORMATS, may_see_all)
    return render(request, "trading/journal.html", {"page": context, "current_topic": detail.topic})


def _past(detail: MarketDetail, form: MomentForm) -> PastBook | None:
    if not form.is_valid() or form.cleaned_data["at"] is None:
        return None
    try:
        return book_at(detail.id, form.cleaned_data["at"], depth=_DEPTH)
    except DomainError as refusal:
        form.add_error("at", words_of(refusal))
        return None


class _ExportForm(forms.Form):
    format = forms.ChoiceField(choices=_FORMATS)
    detail = forms.ChoiceField(choices=[(detail.value, detail.value) for detail in ExportDetail])


@require_POST
@login_required
def export_journal(request: HttpRequest, slug: str) -> HttpResponse:
    detail, form = access_market(request, slug), _ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose a format and how much the file is to tell."))
        return redirect("trading:market-journal", slug=slug)
    try:
        _request(request, detail, form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("trading:market-journal", slug=slug)
    messages.success(request, gettext("The journal is being written. It is ready in a moment."))
    return redirect("jobs:list")


def _request(request: HttpRequest, detail: MarketDetail, wanted: dict[str, Any]) -> None:
    assert request.user.pk is not None
    request_journal_export(
        user_id=request.user.pk,
        market_id=detail.id,
        format=ExportFormat(wanted["format"]),
        detail=ExportDetail(wanted["detail"]),
    )
