"""Settling a market with many positions, beside settling them one by one."""

from benchmarks.report import Row, say
from benchmarks.stack import Stack

_JOBS = "benchmarks.settlement_jobs"


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    positions, sample = (10_000, 200) if is_quick else (100_000, 2_000)
    say("servers and tables")
    first, second = stack.call("prepare", markets=2)["markets"]
    say(f"{positions:,} positions")
    stack.call("fill", module=_JOBS, markets=[first, second], positions=positions)
    say("row by row")
    by_row_s = stack.call("settle_by_row", module=_JOBS, market_id=second, positions=sample) * positions
    say("at once")
    at_once_s = stack.call("settle", module=_JOBS, market_id=first)
    what = f"settle {positions:,} positions, not row by row"
    figure = f"{at_once_s:.2f} s instead of {by_row_s:,.0f} s ({sample:,} rows measured, a transaction each)"
    return [Row(what, figure, by_row_s / at_once_s, 50.0)]
