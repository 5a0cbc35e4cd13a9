from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from monitoring.selectors.parts import database_state, redis_state


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process answers; it touches nothing else, so that a lost database restarts no web server."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    parts = {"database": database_state(), "redis": redis_state()}
    is_ready = parts["database"] == "ok"
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "parts": parts}, status=200 if is_ready else 503
    )
