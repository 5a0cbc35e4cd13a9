"""What search engines ask for: what they may read, and where everything is."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from trading.selectors.series import known_series
from trading.selectors.sitemap import known_markets
from trading.selectors.topics import topics
from trading.web.limits import limited

_ROBOTS: Final = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /embed/
Disallow: /search/
Allow: /

Sitemap: {site}/sitemap.xml
"""
_FIXED: Final = ("/", "/series", "/docs/how-it-works", "/docs/glossary")


@require_safe
@limited
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ROBOTS.format(site=site_of(request)), content_type="text/plain; charset=utf-8")


@gzip_page
@require_safe
@limited
def sitemap(request: HttpRequest) -> HttpResponse:
    known = {"topics": topics(), "series": known_series(), "markets": known_markets()}
    context = {"site": site_of(request), "fixed": _FIXED, **known}
    return render(request, "trading/sitemap.xml", context, content_type="application/xml; charset=utf-8")


def site_of(request: HttpRequest) -> str:
    """The address that the site goes by."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
