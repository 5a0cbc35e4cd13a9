"""``config/performance.yaml``: when measurements are worth a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from common.configuration.reading import Section, read_file

STRATEGIES: Final = ("aggressive", "balanced", "conservative")
#: Series by name, and the highest value that makes sense: percent, percent, milliseconds.
MEASURED: Final = {"cpu_usage": 100.0, "memory_usage": 100.0, "response_time": 600_000.0}


@dataclass(frozen=True, slots=True)
class Threshold:
    """In the unit of the series; ``warn`` is below ``critical``."""

    warn: float
    critical: float


@dataclass(frozen=True, slots=True)
class PerformanceConfig:
    strategy: str
    thresholds: Mapping[str, Threshold]


def read_performance(file: Path) -> PerformanceConfig:
    """Raises: ConfigError"""
    top = read_file(file)
    strategy = top.choice("strategy", STRATEGIES)
    group = top.section("thresholds")
    thresholds = {name: _threshold(group.section(name), highest) for name, highest in MEASURED.items()}
    group.finish()
    top.finish()
    return PerformanceConfig(strategy, MappingProxyType(thresholds))


def _threshold(section: Section, highest: float) -> Threshold:
    warn = section.number("warn", low=0, high=highest)
    critical = section.number("critical", low=0, high=highest)
    if critical <= warn:
        section.refuse("critical", f"above warn, which is {warn:g}")
    section.finish()
    return Threshold(warn, critical)
