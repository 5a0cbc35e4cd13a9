"""Language and time zone of whoever reads a page.

Contract   A page is written in the language of the cookie, else of ``Accept-Language``, else in English; its times are
           those of the zone that was chosen, else of the browser's, else UTC. Whatever stands under ``/api/`` stays
           English and UTC, except for the page of its documentation.
Invariant  The thread has the site's own language and zone again when the answer leaves.
Why        Cookies, so that no page asks the database for it. What a person has chosen is kept with the person, and
           every answer to somebody who is signed in brings the cookies of that browser up to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import LazyObject

from accounts.models import User
from common import languages

LANGUAGE_COOKIE: Final = "language"
ZONE_COOKIE: Final = "zone"
#: What scripts found out; a zone that was chosen comes first.
BROWSER_ZONE_COOKIE: Final = "browser_zone"
#: Of a language, for scripts.
_FILES: Final = ("json", "refusals.json", "phrases.json")
_YEAR_S: Final = 31_536_000
_API: Final = "/api/"
_API_DOCS: Final = "/api/v1/docs"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReaderMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_API) and request.path_info != _API_DOCS:
            return self.get_response(request)
        language = language_of(request)
        with translation.override(language), timezone.override(languages.zone(zone_name_of(request))):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if LANGUAGE_COOKIE not in request.COOKIES:
            patch_vary_headers(response, ("Accept-Language",))
        _follow_person(request, response)
        return response


def language_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if languages.is_language(chosen) else translation.get_language_from_request(request)


def zone_name_of(request: HttpRequest) -> str:
    """The name of a zone that exists."""
    for cookie in (ZONE_COOKIE, BROWSER_ZONE_COOKIE):
        name = request.COOKIES.get(cookie, "")
        if languages.zone(name) is not None:
            return name
    return settings.TIME_ZONE


def remember(response: HttpResponseBase, cookie: str, value: str) -> None:
    """An empty value forgets the choice."""
    if not value:
        response.delete_cookie(cookie, samesite="Lax")
        return
    response.set_cookie(cookie, value, max_age=_YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _follow_person(request: HttpRequest, response: HttpResponseBase) -> None:
    """Only where the request has looked at its person already: nothing is read for it."""
    person = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    # A person that nobody has asked for stays unread: isinstance() of another class would read it.
    if isinstance(person, LazyObject) or not isinstance(person, User):
        return
    for cookie, value in ((LANGUAGE_COOKIE, person.language), (ZONE_COOKIE, person.time_zone)):
        if value and request.COOKIES.get(cookie) != value and cookie not in response.cookies:
            remember(response, cookie, value)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the layout says of the reader to scripts and to the footer."""

    language: str
    zone: str
    #: Other languages, by code and name.
    others: tuple[tuple[str, str], ...]
    #: Address of the words that scripts say in this language; empty where they are those of the scripts.
    words: str
    #: The same of what scripts say when something is refused.
    refusals: str
    #: The same of what engines say.
    phrases: str


def reader(request: HttpRequest) -> dict[str, Reader]:
    """Context processor: ``reader``."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    others = tuple(one for one in settings.LANGUAGES if one[0] != language)
    is_plain = language == settings.LANGUAGE_CODE
    files = ("", "", "") if is_plain else tuple(static(f"js/words/{language}.{name}") for name in _FILES)
    return {"reader": Reader(language, str(timezone.get_current_timezone()), others, *files)}
