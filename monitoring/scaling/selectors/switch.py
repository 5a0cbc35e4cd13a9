"""Whether the platform scales by itself."""

from django.conf import settings

from monitoring.scaling.models import Switch


def is_scaling_on() -> bool:
    """What was switched last, or AUTO_SCALING_ENABLED while nobody has switched it."""
    found = Switch.objects.filter(pk=1).values_list("is_on", flat=True).first()
    return bool(settings.AUTO_SCALING_ENABLED) if found is None else found
