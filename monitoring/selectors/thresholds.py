"""Where values begin to be worth a look: the catalogue's defaults, and what config/performance.yaml says instead."""

from collections.abc import Mapping

from common.configuration.current import performance_config
from monitoring.engine.catalogue import DEFAULT_THRESHOLDS
from monitoring.types import Thresholds


def current_thresholds() -> Mapping[str, Thresholds]:
    """By name of the series; those without any are left out."""
    named = {name: Thresholds(one.warn, one.critical) for name, one in performance_config().thresholds.items()}
    return {**DEFAULT_THRESHOLDS, **named}
