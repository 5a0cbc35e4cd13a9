"""Reports of comments and markets by traders, and what is announced to readers."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts.selectors.announcements import AnnouncementView, announcements_for
from common.api.access import PUBLIC, TRADE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.clock import rfc3339
from markets.errors import CommentNotFound
from markets.selectors.comments import comment
from markets.services.report import TEXT_LENGTH_MAX
from markets.types import ReportReason
from trading.api import report_operations as operations
from trading.api.market_views import visible_market
from trading.api.order_forms import ID_MAX
from trading.api.order_views import user_id_of
from trading.services.report_thing import report_comment_as_trader, report_market_as_trader

_ANNOUNCED_MAX = 50


class CommentReportsView(ApiView):
    access = TRADE

    @operations.report_comment
    def post(self, request: HttpRequest, comment_id: str) -> HttpResponse:
        reason, text = _said(request)
        view = comment(int(comment_id)) if int(comment_id) <= ID_MAX else None
        if view is None:
            raise CommentNotFound(f"There is no comment {comment_id}.")
        visible_market(request, str(view.market_id))
        case_id = report_comment_as_trader(
            comment_id=view.id, reporter_id=user_id_of(request), reason=reason, text=text
        )
        return json_response({"case_id": case_id}, status=201)


class MarketReportsView(ApiView):
    access = TRADE

    @operations.report_market
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        reason, text = _said(request)
        market_id, _ = visible_market(request, key)
        case_id = report_market_as_trader(
            market_id=market_id, reporter_id=user_id_of(request), reason=reason, text=text
        )
        return json_response({"case_id": case_id}, status=201)


class AnnouncementsView(ApiView):
    access = PUBLIC

    @operations.list_announcements
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        caller = getattr(request, "api_caller", None)
        found = announcements_for(AnonymousUser() if caller is None else caller.user, most=_ANNOUNCED_MAX)
        return json_response({"items": [_announcement_document(one) for one in found]})


def _said(request: HttpRequest) -> tuple[ReportReason, str]:
    fields = Fields(json_body(request))
    reason = fields.choice("reason", ReportReason)
    text = fields.text("text", length_max=TEXT_LENGTH_MAX)
    fields.finish()
    return reason, text


def _announcement_document(view: AnnouncementView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": view.title,
        "text": view.text,
        "audience": view.audience.value,
        "starts_at": rfc3339(view.starts_at),
        "ends_at": rfc3339(view.ends_at),
    }
