"""Leaderboards, track records and calibration, for everybody."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse

from analytics.skill.api import documents, operations
from analytics.skill.selectors import boards, site_curve
from analytics.skill.selectors.boards import TopicRef
from analytics.skill.selectors.profiles import person, track_record
from analytics.skill.types import ALL_TIME, Board
from common.api.access import PUBLIC
from common.api.errors import NotFound
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.views import ApiView
from common.paging import LIMIT_DEFAULT, LIMIT_MAX

_SEASON: Final = re.compile(r"all|\d{4}-(0[1-9]|1[0-2])", re.ASCII)


class LeaderboardsView(ApiView):
    access = PUBLIC

    @operations.list_leaders
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        by = fields.choice("by", Board, default=Board.PROFIT)
        season = fields.text("season", default=ALL_TIME, length_max=7)
        if not _SEASON.fullmatch(season):
            fields.refuse("season", "field.not_a_choice", "Send all, or a month such as 2026-11.")
        slug, cursor = fields.text("topic", length_max=60), fields.text("cursor", length_max=500)
        limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT)
        fields.finish()
        page = boards.board(by, season=season, topic_id=_topic(slug).id, limit=limit, cursor=cursor or None)
        items = [documents.row_document(row) for row in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class TraderView(ApiView):
    access = PUBLIC

    @operations.get_trader
    def get(self, request: HttpRequest, handle: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = person(handle)
        if found is None:
            raise NotFound("There is no such trader.")
        caller = request.api_caller  # type: ignore[attr-defined]
        is_own = caller is not None and caller.user_id == found.id
        record = track_record(found.id, found.handle) if is_own or not found.is_private else None
        return json_response(documents.trader_document(found, record))


class CalibrationView(ApiView):
    access = PUBLIC

    @operations.get_calibration
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        hours = fields.integer("hours", low=1, high=operations.HORIZONS[-1], default=24)
        if hours not in operations.HORIZONS:
            fields.refuse("hours", "field.not_a_choice", f"Send one of: {', '.join(map(str, operations.HORIZONS))}.")
        slug = fields.text("topic", length_max=60)
        fields.finish()
        return json_response(documents.curve_document(site_curve.site_curve(hours=hours, topic_id=_topic(slug).id)))


def _topic(slug: str) -> TopicRef:
    found = boards.board_topic(slug)
    if found is None:
        raise NotFound("There is no such topic. GET /api/v1/markets tells the topic of each market.")
    return found
