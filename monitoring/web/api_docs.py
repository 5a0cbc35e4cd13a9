"""The pages of the API: every operation, to read and to try, with the times that were measured of it.

They live here because they show measurements; what they show of the API is made by ``common.api.reference``.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.safestring import SafeString

from common.api.access import PUBLIC
from common.api.markdown import as_html
from common.api.reference import Line, OperationPage, Section, operation_page, sections
from common.api.stored_document import stored_document
from common.api.views import ApiView
from common.api_guides import GUIDES, Guide
from monitoring.selectors.route_times import RouteTime, route_times


@dataclass(frozen=True, slots=True)
class TimedLine:
    line: Line
    time: RouteTime | None


@dataclass(frozen=True, slots=True)
class TimedSection:
    section: Section
    lines: tuple[TimedLine, ...]


@dataclass(frozen=True, slots=True)
class IndexContext:
    sections: tuple[TimedSection, ...]
    guides: tuple[Guide, ...]
    count: int
    is_timed: bool


@dataclass(frozen=True, slots=True)
class OperationContext:
    operation: OperationPage
    about: SafeString
    time: RouteTime | None
    section: Section


class DocsView(ApiView):
    """A page, but its failures are the API's."""

    access = PUBLIC
    schema = None

    def get(self, request: HttpRequest) -> HttpResponse:
        times = route_times()
        timed = tuple(
            TimedSection(one, tuple(TimedLine(line, times.get(line.route)) for line in one.lines))
            for one in _sections()
        )
        context = IndexContext(timed, tuple(GUIDES.values()), sum(len(one.lines) for one in timed), bool(times))
        return render(request, "api/docs.html", {"page": context})


class OperationDocsView(ApiView):
    access = PUBLIC
    schema = None

    def get(self, request: HttpRequest, operation_id: str) -> HttpResponse:
        operation = _operation(operation_id)
        if operation is None:
            raise Http404
        # The token lets a signed-in reader try the routes that write.
        get_token(request)
        section = next(one for one in _sections() if one.name == operation.tag)
        time = route_times().get(operation.line.route)
        context = OperationContext(operation, as_html(operation.about), time, section)
        return render(request, "api/operation.html", {"page": context})


@lru_cache(maxsize=1)
def _sections() -> tuple[Section, ...]:
    return sections(stored_document())


@lru_cache(maxsize=64)
def _operation(operation_id: str) -> OperationPage | None:
    return operation_page(stored_document(), operation_id)
