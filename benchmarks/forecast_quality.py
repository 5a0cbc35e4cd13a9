"""How good forecasts are on real series: `python -m benchmarks.forecast_quality FILE...` (CSV: time, value).

Each file is forecast from about 40 places, each time from the eight days before it, as the worker does. What is told:
how often the truth was within the intervals, and the mean absolute error against yesterday's value and the last one.
"""

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from monitoring.forecasting.engine.forecasts import DAY_S, forecast

HORIZONS: Final = (15, 30, 60, 120)
PAST_DAYS: Final = 8
PLACES: Final = 40


@dataclass(slots=True)
class Tally:
    count: int = 0
    within_80: int = 0
    within_95: int = 0
    error: float = 0.0
    yesterday: float = 0.0
    last: float = 0.0

    def __str__(self) -> str:
        shares = f"80 %: {self.within_80 / self.count:.3f}  95 %: {self.within_95 / self.count:.3f}"
        errors = f"error / yesterday's {self.error / self.yesterday:.2f}  / last value's {self.error / self.last:.2f}"
        return f"{self.count:5} tries  {shares}  {errors}"


def read(path: Path) -> tuple[list[float], int]:
    """The values and their distance in seconds."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    first, second = (_seconds(row[0]) for row in rows[:2])
    return [float(row[1]) for row in rows], round(second - first)


def tallied(values: Sequence[float], step_s: int) -> dict[int, Tally]:
    past, found = PAST_DAYS * DAY_S // step_s, {horizon: Tally() for horizon in HORIZONS}
    last = len(values) - 1 - max(HORIZONS) * 60 // step_s
    for end in range(past, last, max(1, (last - past) // PLACES)):
        for one in forecast(values[end - past : end], step_s=step_s, horizons_min=HORIZONS):
            at = end - 1 + max(1, round(one.horizon_min * 60 / step_s))
            truth, tally = values[at], found[one.horizon_min]
            eighty, most = one.intervals
            tally.count += 1
            tally.within_80 += eighty.low <= truth <= eighty.high
            tally.within_95 += most.low <= truth <= most.high
            tally.error += abs(truth - one.value)
            tally.yesterday += abs(truth - values[at - DAY_S // step_s])
            tally.last += abs(truth - values[end - 1])
    return found


def _seconds(text: str) -> float:
    return float(text) if text.replace(".", "").isdigit() else datetime.fromisoformat(text).timestamp()


def main(paths: Sequence[str]) -> None:
    whole = {horizon: Tally() for horizon in HORIZONS}
    for path in map(Path, paths):
        for horizon, tally in tallied(*read(path)).items():
            print(f"{path.stem:34} {horizon:4} min  {tally}")
            total = whole[horizon]
            total.count, total.within_80 = total.count + tally.count, total.within_80 + tally.within_80
            total.within_95 += tally.within_95
    for horizon, total in whole.items():
        shares = f"80 %: {total.within_80 / total.count:.3f}  95 %: {total.within_95 / total.count:.3f}"
        print(f"{'all':34} {horizon:4} min  {total.count:5} tries  {shares}")


if __name__ == "__main__":
    main(sys.argv[1:])
