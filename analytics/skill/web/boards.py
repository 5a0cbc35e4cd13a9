"""Leaderboards, and the calibration of the whole site."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from analytics.skill.selectors import boards, site_curve
from analytics.skill.selectors.boards import BoardRow, TopicRef
from analytics.skill.selectors.site_curve import SiteCurve
from analytics.skill.types import ALL_TIME, Board
from analytics.skill.web.drawing import Curve, curve
from common.api.access import PUBLIC
from common.api.page_views import ApiPageView
from common.languages import dated
from common.paging import CursorInvalid, Page
from trading.selectors.topics import topics

PAGE_SIZE: Final = 50
_BOARDS: Final = {
    Board.PROFIT: gettext_lazy("Profit"),
    Board.BRIER: gettext_lazy("Brier score"),
    Board.LOG: gettext_lazy("Log score"),
}
_HORIZONS: Final = {
    1: gettext_lazy("An hour"),
    24: gettext_lazy("A day"),
    168: gettext_lazy("A week"),
    720: gettext_lazy("30 days"),
}
_HORIZON_USUAL: Final = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a filter bar."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class BoardContext:
    kind: Board
    topic: TopicRef
    kinds: tuple[Choice, ...]
    seasons: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    ranked: tuple[tuple[int | None, BoardRow], ...]
    next_href: str
    is_first: bool


class LeaderboardsPage(ApiPageView):
    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = _kind(request.GET.get("by", ""))
        season, topic = request.GET.get("season", ALL_TIME)[:7], _topic(request.GET.get("topic", ""))
        page, is_first = _page(kind, season, topic, request.GET.get("cursor"))
        now = {"by": str(kind), "season": season, "topic": topic.slug}
        context = BoardContext(
            kind=kind,
            topic=topic,
            kinds=tuple(_choice(str(words), now, by=str(one)) for one, words in _BOARDS.items()),
            seasons=tuple(_choice(_month(one), now, season=one) for one in _offered(season)),
            topics=tuple(
                _choice(name, now, topic=slug)
                for slug, name in (("", gettext("All topics")), *((t.slug, t.name) for t in topics()))
            ),
            ranked=tuple((place if is_first else None, row) for place, row in enumerate(page.items, 1)),
            next_href=_href(now, cursor=page.next_cursor) if page.next_cursor else "",
            is_first=is_first,
        )
        return render(request, "skill/leaderboards.html", {"page": context, "current_topic": None})


@dataclass(frozen=True, slots=True)
class CalibrationContext:
    hours: int
    horizon: str
    topic: TopicRef
    found: SiteCurve
    drawn: Curve
    horizons: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    by_horizon: tuple[tuple[str, SiteCurve], ...]
    by_topic: tuple[tuple[str, str, SiteCurve], ...]


class CalibrationPage(ApiPageView):
    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        topic, hours = _topic(request.GET.get("topic", "")), _hours(request.GET.get("hours", ""))
        found = site_curve.site_curve(hours=hours, topic_id=topic.id)
        by_horizon, now = site_curve.horizon_curves(topic.id), {"hours": str(hours), "topic": topic.slug}
        context = CalibrationContext(
            hours=hours,
            horizon=_within(str(_HORIZONS[hours])),
            topic=topic,
            found=found,
            drawn=curve(found.bins),
            horizons=tuple(_choice(str(words), now, hours=str(one)) for one, words in _HORIZONS.items()),
            topics=tuple(
                _choice(name, now, topic=slug)
                for slug, name in (("", gettext("All topics")), *((t.slug, t.name) for t in topics()))
            ),
            by_horizon=tuple((str(_HORIZONS[one]), by_horizon[one]) for one in _HORIZONS if one in by_horizon),
            by_topic=tuple((slug, name, one) for (slug, name), one in site_curve.topic_curves(hours).items()),
        )
        return render(request, "skill/calibration.html", {"page": context, "current_topic": None})


def _kind(name: str) -> Board:
    """An unknown name of an old link shows the usual board."""
    return Board(name) if name in tuple(Board) else Board.PROFIT


def _hours(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and int(text) in _HORIZONS else _HORIZON_USUAL


def _topic(slug: str) -> TopicRef:
    found = boards.board_topic(slug)
    if found is None:
        raise Http404
    return found


def _page(kind: Board, season: str, topic: TopicRef, cursor: str | None) -> tuple[Page[BoardRow], bool]:
    try:
        return boards.board(kind, season=season, topic_id=topic.id, limit=PAGE_SIZE, cursor=cursor), cursor is None
    except CursorInvalid:
        return boards.board(kind, season=season, topic_id=topic.id, limit=PAGE_SIZE), True


def _offered(season: str) -> tuple[str, ...]:
    """All time, this month, and the newest months that have anything."""
    months = dict.fromkeys((boards.this_season(), *boards.seasons()[:4]))
    return tuple(dict.fromkeys((ALL_TIME, *months, season)))


def _month(season: str) -> str:
    if season == ALL_TIME:
        return gettext("All time")
    try:
        return dated(date.fromisoformat(f"{season}-01"), "F Y")
    except ValueError:
        return season


def _choice(label: str, now: dict[str, str], **change: str) -> Choice:
    return Choice(label, _href(now, **change), all(now[name] == value for name, value in change.items()))


def _href(now: dict[str, str], **change: str | None) -> str:
    asked = {name: value for name, value in (now | change).items() if value}
    return f"?{urlencode(asked)}" if asked else "?"


def _within(words: str) -> str:
    """As the words stand within a sentence: German nouns keep their capital."""
    return words[:1].lower() + words[1:]
