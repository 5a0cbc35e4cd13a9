"""A market in a frame of somebody else's page: its question, its price and its week, nothing that acts.

Contract   The only pages that other sites may frame: nobody is signed in there, no script runs and no form is sent, so
           there is nothing that a covered frame could make a reader press but links that open a page of their own.
           The answer is the same for everybody and kept by caches for ``AGE_S``.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from trading.selectors.market_detail import market_detail
from trading.web.browsing import card_views
from trading.web.crawlers import site_of
from trading.web.limits import limited

AGE_S: Final = 30
_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_THEMES: Final = ("light", "dark")


@xframe_options_exempt
@require_safe
@limited
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A published market, small; ``?theme=light`` or ``dark`` instead of what the reader's system says."""
    detail = market_detail(slug)
    if detail is None or detail.status == "draft":
        raise Http404
    theme = request.GET.get("theme", "")
    context = {
        "card": card_views((detail,))[0],
        "market": detail,
        "theme": theme if theme in _THEMES else "",
        "site": site_of(request),
    }
    response = render(request, "trading/embed.html", context)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={AGE_S}"
    return response
