"""What the scripts of operations pages need to know of each series: its title, unit, words and limits."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.types import Thresholds

_NEVER: Final = Thresholds()


def page_specs(limits: Mapping[str, Thresholds]) -> dict[str, dict[str, Any]]:
    """Of the whole catalogue, by name."""
    found = {}
    for name, spec in CATALOGUE.items():
        limit = limits.get(name, _NEVER)
        found[name] = asdict(spec) | {"warn": limit.warn, "critical": limit.critical}
    return found
