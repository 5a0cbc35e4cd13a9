"""How long a forecast and a judged value take: `python -m benchmarks.forecasting`."""

import math
import random
import time
from typing import Final

from monitoring.forecasting.engine.detector import Detector
from monitoring.forecasting.engine.forecasts import forecast

HORIZONS: Final = (15, 30, 60, 120)
#: Two weeks of five minutes.
ROWS: Final = 4_032
STEP_S: Final = 300


def series(seed: int) -> list[float]:
    """A season of days and weeks, a walk and noise."""
    luck, level, values = random.Random(seed), 0.0, []
    for row in range(ROWS):
        level += luck.gauss(0.0, 0.2)
        week = 1.0 if row // 288 % 7 < 5 else 0.5
        values.append(50.0 + 20.0 * week * math.sin(2 * math.pi * row / 288) + level + luck.gauss(0.0, 2.0))
    return values


def forecast_ms(count: int = 20) -> float:
    """CPU milliseconds for the models of one series and its four horizons, the median of ``count`` series."""
    spent = []
    for seed in range(count):
        values = series(seed)
        started = time.process_time()
        forecast(values, step_s=STEP_S, horizons_min=HORIZONS)
        spent.append(time.process_time() - started)
    return sorted(spent)[count // 2] * 1e3


def judged_us(count: int = 5) -> float:
    """CPU microseconds for one value of the anomaly detector, the median of ``count`` series."""
    spent = []
    for seed in range(count):
        detector, values = Detector(), series(seed)
        started = time.process_time()
        for row, value in enumerate(values):
            detector.update(row * STEP_S, value)
        spent.append((time.process_time() - started) / ROWS)
    return sorted(spent)[count // 2] * 1e6


def main() -> None:
    print(f"forecast, one series, four horizons   {forecast_ms():8.1f} ms   (goal 50)")
    print(f"anomaly detector, one value           {judged_us():8.1f} µs   (goal 50)")


if __name__ == "__main__":
    main()
