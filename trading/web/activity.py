"""What happened to a market beside its trades: a part of its page for scripts, a page of its own without them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from trading.selectors.market_activity import market_activity
from trading.web.limits import limited
from trading.web.market import access_market

_EXCERPT: Final = 140
_WORDS: Final[dict[str, Promise]] = {
    "created": _("wrote the market"),
    "opened": _("opened it for trading"),
    "halted": _("halted trading"),
    "resumed": _("let trading go on"),
    "closed": _("ended trading"),
    "proposed": _("proposed a result"),
    "disputed": _("disputed the result"),
    "resolved": _("confirmed the result"),
    "voided": _("declared it void"),
    "limits_changed": _("changed its limits"),
    "liquidity_added": _("added liquidity"),
    "liquidity_withdrawn": _("withdrew liquidity"),
    "settled": _("paid everybody out"),
    "settlement_undone": _("took the payout back"),
    "commented": _("commented"),
}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """``href`` leads to a comment, with the beginning of its ``text``."""

    at: datetime
    person: str
    words: Promise
    text: str
    href: str


@require_safe
@limited
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    rows = [
        ActivityRow(
            one.at,
            one.person,
            _WORDS[one.kind],
            one.text[:_EXCERPT],
            f"/markets/{detail.slug}#comment-{one.comment_id}" if one.comment_id else "",
        )
        for one in market_activity(detail.id)
    ]
    is_part = request.headers.get("X-Requested-With") == "fetch"
    template = "trading/_market_activity.html" if is_part else "trading/market_activity.html"
    return render(request, template, {"market": detail, "rows": rows, "current_topic": detail.topic})
