"""What the scripts of operations pages need to know of each series: its title, unit, words and limits."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from common.phrases import said
from monitoring.engine.catalogue import CATALOGUE
from monitoring.types import Thresholds

_NEVER: Final = Thresholds()


def page_specs(limits: Mapping[str, Thresholds]) -> dict[str, dict[str, Any]]:
    """Of the whole catalogue, by name; titles and words in the language of the reader."""
    found = {}
    for name, spec in CATALOGUE.items():
        limit = limits.get(name, _NEVER)
        words = {"title": said(spec.title), "help": said(spec.help)}
        found[name] = asdict(spec) | words | {"warn": limit.warn, "critical": limit.critical}
    return found
