"""Which series rules may name."""

from collections.abc import Collection

from monitoring.selectors.series_specs import series_specs


def known_series() -> Collection[str]:
    return series_specs().keys()
