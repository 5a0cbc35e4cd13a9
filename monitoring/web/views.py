"""What a probe of the machinery asks."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from common.draining import is_draining
from monitoring.selectors.parts import OK, database_state, redis_state


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process answers; it touches nothing else, so that a lost database restarts no web server."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests should come here: the database takes writes and has every migration, and no end is near.

    Without Redis the site works on, slower; it is told as degraded and refuses nothing.
    """
    if is_draining():
        return JsonResponse({"status": "draining"}, status=503)
    parts = {"database": database_state(), "redis": redis_state()}
    is_ready = parts["database"] == OK
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "parts": parts}, status=200 if is_ready else 503
    )
