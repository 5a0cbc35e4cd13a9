"""What each series means, for products above this app."""

from collections.abc import Mapping

from monitoring.engine.catalogue import CATALOGUE
from monitoring.types import SeriesSpec


def series_specs() -> Mapping[str, SeriesSpec]:
    """By name, in the order in which people read them."""
    return CATALOGUE
