"""The trader's whole statement as a file for spreadsheets, sent at once."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from common.clock import now
from common.errors import DomainError
from common.problem_words import words_of
from common.streaming import csv_response
from trading.selectors.statement import HEADER
from trading.services.request_statement import stream_statement
from trading.web.limits import limited_downloads


@require_safe
@login_required
@limited_downloads
def statement(request: HttpRequest) -> HttpResponseBase:
    user_id = request.user.pk
    assert user_id is not None

    def rows() -> Iterator[tuple[object, ...]]:
        return stream_statement(user_id=user_id)

    try:
        return csv_response(request, name=f"statement-{now():%Y-%m-%d}.csv", header=HEADER, rows=rows)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("jobs:list")
