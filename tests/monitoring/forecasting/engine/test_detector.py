import math
import random
import sys
from itertools import pairwise

import pytest

from monitoring.forecasting.engine.detector import LEARN, REST, THRESHOLD, Detector
from monitoring.forecasting.engine.seasons import DAY_S

STEP = 300


def daily(row: int, luck: random.Random) -> float:
    return 50.0 + 20.0 * math.sin(2 * math.pi * row / 288) + luck.gauss(0.0, 1.0)


def detections(values: list[float], detector: Detector | None = None) -> list[int]:
    found = detector or Detector()
    return [row for row, value in enumerate(values) if found.update(row * STEP, value).is_anomaly]


def noise(rows: int, seed: int = 1, spread: float = 1.0) -> list[float]:
    luck = random.Random(seed)
    return [50.0 + luck.gauss(0.0, spread) for _ in range(rows)]


def test_a_spike_is_found_at_once() -> None:
    values = noise(2_000)
    values[1_500] = 90.0
    assert 1_500 in detections(values)


def test_a_new_level_is_found_and_reported_once() -> None:
    values = noise(3_000)
    shifted = values[:2_000] + [value + 8.0 for value in values[2_000:]]
    found = [row for row in detections(shifted) if row >= 2_000]
    assert found[0] <= 2_003
    # Learnt soon after: a new level isn't an anomaly for ever.
    assert len([row for row in found if row > 2_000 + 3 * REST]) == 0


def test_a_missing_daily_peak_is_found_though_each_value_is_usual() -> None:
    luck = random.Random(2)
    values = [20.0 + luck.uniform(0, 8) + (60.0 if 108 <= row % 288 < 216 else 0.0) for row in range(12 * 288)]
    day = 10 * 288
    for row in range(day + 108, day + 216):
        values[row] = 20.0 + luck.uniform(0, 8)
    assert any(day + 108 <= row < day + 130 for row in detections(values))


def test_a_season_alone_is_no_anomaly() -> None:
    luck = random.Random(3)
    rows = 14 * 288
    found = [row for row in detections([daily(row, luck) for row in range(rows)]) if row > 0.15 * rows]
    assert len(found) <= 2


@pytest.mark.parametrize("seed", range(5))
def test_clean_noise_has_at_most_one_detection_a_week(seed: int) -> None:
    rows = 5 * 7 * 288
    found = [row for row in detections(noise(rows, seed)) if row > 600]
    assert len(found) <= 5


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5, 1e12])
def test_a_constant_is_no_anomaly(value: float) -> None:
    assert detections([value] * 3_000) == []


def test_a_nightly_job_is_hardly_news_though_it_is_never_on_the_minute() -> None:
    luck = random.Random(5)
    values = [luck.choice([0.07, 0.13]) for _ in range(14 * 288)]
    for day in range(14):
        values[day * 288 + 36 + luck.randrange(-3, 4)] = luck.uniform(1.3, 1.6)
    assert len([row for row in detections(values) if row > 3 * 288]) <= 1


def test_what_lasts_is_not_reported_for_ever() -> None:
    luck = random.Random(6)
    detector = Detector(threshold=0.01)
    readings = [detector.update(row * STEP, luck.gauss(0.0, 1.0)) for row in range(3_000)]
    assert readings[-1].is_stuck
    assert not any(reading.is_anomaly for reading in readings[-REST:])


def test_it_rests_after_a_detection() -> None:
    found = detections(noise(2_000) + noise(500, spread=30.0))
    assert all(later - earlier > REST for earlier, later in pairwise(found))


def test_nothing_is_judged_while_it_learns() -> None:
    detector = Detector()
    assert [detector.update(row * STEP, value).severity for row, value in enumerate(noise(LEARN))] == [0.0] * LEARN


def test_later_values_change_nothing() -> None:
    values = noise(1_500)
    short, long = Detector(), Detector()
    first = [short.update(row * STEP, value) for row, value in enumerate(values[:1_000])]
    second = [long.update(row * STEP, value) for row, value in enumerate(values)]
    assert first == second[:1_000]


def test_a_gap_is_no_anomaly() -> None:
    detector = Detector()
    luck = random.Random(7)
    for row in range(1_000):
        detector.update(row * STEP, 50.0 + luck.gauss(0.0, 1.0))
    later = [detector.update((row + 1_600) * STEP, 50.0 + luck.gauss(0.0, 1.0)) for row in range(50)]
    assert not any(reading.is_anomaly for reading in later)


def test_a_higher_threshold_reports_less() -> None:
    values = noise(2_000)
    values[1_500] = 57.0
    assert 1_500 in detections(values, Detector(THRESHOLD))
    assert detections(values, Detector(THRESHOLD * 20)) == []


def test_its_memory_is_bounded() -> None:
    detector = Detector()
    sizes = []
    for row in range(3 * 7 * 1440):
        detector.update(row * 60.0, float(row % 7))
        if row % (7 * 1440) == 7 * 1440 - 1:
            tables = (detector.day.means, detector.week.means, detector.ranges.ranges)
            sizes.append(sum(sys.getsizeof(table) for table in tables))
    assert sizes[0] == sizes[1] == sizes[2]
    assert len(detector.day.means) == DAY_S // STEP
