"""The trader's whole statement as a file for spreadsheets."""

from collections.abc import Iterator
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from common.clock import now, rfc3339
from common.money import format_cash
from common.streaming import csv_response
from trading.selectors.accounts import LedgerLine, whole_ledger
from trading.web.limits import limited_downloads

_HEADER: Final = ("line", "time", "kind", "amount", "balance", "market", "question", "market_seq", "memo")


@require_safe
@login_required
@limited_downloads
def statement(request: HttpRequest) -> HttpResponseBase:
    user_id = request.user.pk
    assert user_id is not None

    def rows() -> Iterator[tuple[object, ...]]:
        return (_row(line) for line in whole_ledger(user_id))

    return csv_response(request, name=f"statement-{now():%Y-%m-%d}.csv", header=_HEADER, rows=rows)


def _row(line: LedgerLine) -> tuple[object, ...]:
    return (
        line.id,
        rfc3339(line.created_at),
        line.kind,
        format_cash(line.amount),
        format_cash(line.balance),
        line.market_slug,
        line.question,
        line.seq,
        line.memo,
    )
