"""Which settings are in force, and what counts where nobody has tuned."""

from collections.abc import Mapping

from django.conf import settings

from common.tuning.declared import TUNABLES
from monitoring.optimizer.models import Tunable


def tuned_values() -> dict[str, float]:
    """Every setting that differs from the program's own."""
    return dict(Tunable.objects.values_list("name", "value"))


def values_in_force() -> Mapping[str, float]:
    """The settings that the rules weigh, tuned or not."""
    declared = {name: spec.default for name, spec in TUNABLES.items() if spec.default is not None}
    known = {name: float(value) for name, value in settings.TUNABLE_DEFAULTS.items()}
    threshold = float(settings.MEMORY_THRESHOLD_MB)
    return {**declared, **known, **tuned_values(), "memory_threshold_mb": threshold}
