"""The trader's whole statement as a file for spreadsheets."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from common.clock import now
from common.streaming import csv_response
from trading.selectors.accounts import whole_ledger
from trading.selectors.statement import HEADER, statement_cells
from trading.web.limits import limited_downloads


@require_safe
@login_required
@limited_downloads
def statement(request: HttpRequest) -> HttpResponseBase:
    user_id = request.user.pk
    assert user_id is not None

    def rows() -> Iterator[tuple[object, ...]]:
        return (statement_cells(line) for line in whole_ledger(user_id))

    return csv_response(request, name=f"statement-{now():%Y-%m-%d}.csv", header=HEADER, rows=rows)
