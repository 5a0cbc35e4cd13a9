"""The guides of docs/ as pages."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from common.api.markdown import as_html
from common.api_guides import GUIDES, LINKS, Guide


@dataclass(frozen=True, slots=True)
class GuideContext:
    guide: Guide
    text: SafeString
    guides: tuple[Guide, ...]


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404
    context = GuideContext(GUIDES[name], _text(name), tuple(GUIDES.values()))
    return render(request, "docs/guide.html", {"page": context})


@lru_cache(maxsize=16)
def _text(name: str) -> SafeString:
    """The program reads its own files once; they change with the program only."""
    return as_html(GUIDES[name].path.read_text("utf-8"), links=LINKS)
