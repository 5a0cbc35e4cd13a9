"""Who may open a page of reports."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from analytics.reports.errors import DefinitionNotFound, ReportNotFound
from analytics.reports.selectors.access import Reader, reader

Page = Callable[..., HttpResponseBase]


def for_readers(permission: str) -> Callable[[Page], Page]:
    """The page is called with the ``Reader``; what they may not see is a 404."""

    def decorate(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied("Ask staff for a role that may read reports.")
            try:
                return page(request, _reader(request), *args, **kwargs)
            except (ReportNotFound, DefinitionNotFound) as refusal:
                raise Http404(refusal.detail) from refusal

        checked: Page = never_cache(login_required(guarded))
        return checked

    return decorate


def _reader(request: HttpRequest) -> Reader:
    assert request.user.pk is not None
    return reader(request.user.pk)
