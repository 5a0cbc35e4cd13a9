"""The catalogue of figures, for everybody who shows them."""

from analytics.business.engine.catalogue import METRICS
from analytics.business.errors import MetricUnknown
from analytics.business.types import Metric


def metrics() -> tuple[Metric, ...]:
    """All figures, those that belong together side by side."""
    return tuple(METRICS.values())


def metric(name: str) -> Metric:
    """One figure.

    Raises: MetricUnknown
    """
    found = METRICS.get(name)
    if found is None:
        raise MetricUnknown(f"There is no metric {name[:60]!r}. GET business-intelligence/metrics lists them.")
    return found
