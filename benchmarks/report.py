"""Rows of figures held against their bounds, and the page that shows them."""

import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.stack import PROJECT

PAGE: Final = PROJECT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Row:
    """One line of the table; ``target`` is a bound of ``value``: at least, or at most when ``is_ceiling``."""

    what: str
    figure: str
    value: float | None = None
    target: float | None = None
    is_ceiling: bool = False

    @property
    def is_met(self) -> bool:
        if self.value is None or self.target is None:
            return True
        return self.value <= self.target if self.is_ceiling else self.value >= self.target

    def cells(self) -> list[str]:
        value = "" if self.value is None else f"{self.value:.2f}"
        target = "" if self.target is None else f"{'at most' if self.is_ceiling else 'at least'} {self.target:g}"
        return [self.what, self.figure, value, target, "" if self.target is None else ("yes" if self.is_met else "NO")]


def check_statuses(result: dict[str, Any]) -> None:
    statuses = {int(status): count for status, count in result["statuses"].items()}
    good = sum(count for status, count in statuses.items() if status < 300)
    assert good > 0.95 * sum(statuses.values()), f"the answers are refusals: {statuses}"


def per_second(value: float) -> str:
    return f"{value:,.0f}/s"


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def introduction(*, load_before: float, seconds: float, is_quick: bool) -> str:
    """When, on what machine and how busily a section was measured."""
    when = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}"
    quick = " (quick)" if is_quick else ""
    return f"{when}; load average {load_before:.1f} before the run, which took {seconds:.0f} s{quick}."


def machine() -> str:
    names = [line.split(":", 1)[1].strip() for line in cpu_info() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"
    return f"{os.cpu_count()} x {names[0] if names else platform.machine()}, {memory:.0f} GiB, {system}"


def cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def table(rows: list[Row]) -> str:
    cells = [["measured", "figure", "value", "target", "met"], *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def write_page(section: str, text: str) -> None:
    """Replace the results of one section of the page."""
    page = PAGE.read_text()
    begin, end = f"<!-- results: {section} -->", f"<!-- /results: {section} -->"
    start, stop = page.index(begin) + len(begin), page.index(end)
    PAGE.write_text(f"{page[:start]}\n{text}\n{page[stop:]}")
