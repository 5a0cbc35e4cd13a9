"""What the masthead shows on every page, read only when a template asks for it."""

from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.selectors.announcements import (
    COOKIE,
    SHOWN_MAX,
    AnnouncementView,
    announcements_among,
    dismissed_ids,
)
from common.request_context import current
from common.tracing import tracing
from trading.selectors.topics import TopicView
from trading.web.own_account import own_account, own_masthead


class Header:
    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def topics(self) -> tuple[TopicView, ...]:
        return own_masthead(self._request).topics

    @cached_property
    def announcements(self) -> tuple[AnnouncementView, ...]:
        """What staff tell this reader now, but for what they have put away."""
        away = set(dismissed_ids(self._request.COOKIES.get(COOKIE, "")))
        user = getattr(self._request, "user", None) or AnonymousUser()
        shown = announcements_among(own_masthead(self._request).announcements, user)[:10]
        return tuple(one for one in shown if one.id not in away)[:SHOWN_MAX]

    @property
    def traceparent(self) -> str:
        """What the page's own requests continue; empty while nobody collects traces."""
        context = current.get()
        return context.traceparent if tracing.is_on and context is not None else ""

    @cached_property
    def available(self) -> int | None:
        """Cash units free to trade with; ``None`` for a visitor."""
        view = own_account(self._request)
        return None if view is None else view.available


def header(request: HttpRequest) -> dict[str, Header]:
    """Context processor."""
    return {"header": Header(request)}
