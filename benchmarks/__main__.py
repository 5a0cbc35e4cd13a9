"""Measure speed on servers of the run's own and write docs/benchmarks.md: `python -m benchmarks [SECTION ...]`.

Without a section all are measured, one after the other, which takes about 40 minutes, ten of them for sockets.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import (
    alert_kills,
    alerting_rules,
    business,
    crowd,
    exchange,
    job_kills,
    market_ai,
    monitoring_collect,
    monitoring_metrics,
    monitoring_overhead,
    monitoring_pixel,
    monitoring_sockets,
    monitoring_store,
    optimizer,
    pages,
    platform_pieces,
    scaling_decisions,
    settlement,
    streams,
)
from benchmarks.report import Row, introduction, say, table, write_page
from benchmarks.stack import Stack

#: Each has a stack of its own, and prepares it.
SECTIONS: Final[dict[str, Callable[..., list[Row]]]] = {
    "exchange": exchange.rows,
    "settlement": settlement.rows,
    "pages": pages.rows,
    "overhead": monitoring_overhead.rows,
    "collect": monitoring_collect.rows,
    "metrics": monitoring_metrics.rows,
    "platform": platform_pieces.rows,
    "pixel": monitoring_pixel.rows,
    "jobs": job_kills.rows,
    "store": monitoring_store.rows,
    "alerting": alerting_rules.rows,
    "business": business.rows,
    "delivery": alert_kills.rows,
    "scaling": scaling_decisions.rows,
    "market_ai": market_ai.rows,
    "optimizer": optimizer.rows,
    "sockets": monitoring_sockets.rows,
    "streams": streams.rows,
    "crowd": crowd.rows,
}


def measure(section: str, *, is_quick: bool) -> bool:
    """Print the section's table, and write it to the page unless ``is_quick``; whether every bound is kept."""
    say(f"== {section}")
    load_before, started_at = os.getloadavg()[0], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="om-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as directory:
        stack = Stack(Path(directory))
        try:
            stack.start()
            rows = SECTIONS[section](stack, is_quick=is_quick)
        finally:
            stack.stop()
    seconds = time.monotonic() - started_at
    text = f"{introduction(load_before=load_before, seconds=seconds, is_quick=is_quick)}\n\n{table(rows)}"
    print(text, flush=True)
    if not is_quick:
        write_page(section, f"\n{text}\n")
    return all(row.is_met for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("section", nargs="*", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="less of everything; docs/benchmarks.md stays as it is")
    given = parser.parse_args()
    if unknown := set(given.section) - SECTIONS.keys():
        parser.error(f"There is no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}.")
    met = [measure(section, is_quick=given.quick) for section in given.section or SECTIONS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
