"""How long an optimisation takes on real servers, with an index to prove, and a forecast of all its series."""

from functools import partial
from typing import Final

from benchmarks.report import Row
from benchmarks.stack import Stack

CYCLE_MS_MAX: Final = 500.0
FORECAST_MS_MAX: Final = 200.0


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    call = partial(stack.call, module="benchmarks.optimizer_jobs")
    filled = call("fill", minutes=70)
    proof = call("time_proof")
    found = call("time_optimizer", repeats=5 if is_quick else 30)
    what = f"optimisation ({filled['series']} series, {filled['tables']} tables, {filled['statements']} statements)"
    return [
        Row(what, "median ms", found["cycle_ms"], CYCLE_MS_MAX, is_ceiling=True),
        Row(what, "slowest ms", found["cycle_slowest_ms"], CYCLE_MS_MAX, is_ceiling=True),
        Row(
            f"the same, proving an index for a table of {proof['rows']} rows",
            "ms",
            proof["ms"],
            CYCLE_MS_MAX,
            is_ceiling=True,
        ),
        Row(
            f"forecast of {found['forecasts']} series, 30 minutes ahead",
            "median ms",
            found["forecast_ms"],
            FORECAST_MS_MAX,
            is_ceiling=True,
        ),
        Row("tick, every 10 s", "median ms", found["tick_ms"]),
    ]
