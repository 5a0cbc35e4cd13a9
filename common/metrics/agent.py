"""The door through which a program starts to measure itself, whichever app does the measuring."""

from django.conf import settings
from django.utils.module_loading import import_string


def start_measuring(role: str) -> None:
    """Publish what this process counts until it ends; does nothing when METRICS_ENABLED is false, or twice.

    ``role`` is web, worker, beat or demo. To be called in the process itself: threads stay behind in a fork.
    """
    if settings.METRICS_ENABLED:
        import_string(settings.METRICS_AGENT)(role)
