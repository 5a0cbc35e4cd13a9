"""Where values begin to be worth a look: the catalogue's defaults, and what config/performance.yaml says instead."""

from collections.abc import Mapping
from functools import lru_cache

from monitoring.engine.catalogue import DEFAULT_THRESHOLDS
from monitoring.types import Thresholds


@lru_cache(maxsize=1)
def current_thresholds() -> Mapping[str, Thresholds]:
    """By name of the series; those without any are left out."""
    return dict(DEFAULT_THRESHOLDS)
