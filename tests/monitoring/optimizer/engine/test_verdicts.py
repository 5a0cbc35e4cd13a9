"""Effects, verdicts, confidence and the rest of the pure core."""

import random
from itertools import pairwise

import pytest

from monitoring.optimizer.engine.baselines import Baseline, adapted
from monitoring.optimizer.engine.candidates import candidates
from monitoring.optimizer.engine.confidence import Record, calibration, confidence
from monitoring.optimizer.engine.effects import PAIRS_MIN, Moment, measured
from monitoring.optimizer.engine.lifecycle import may_become, verdict
from monitoring.optimizer.engine.score import score
from monitoring.optimizer.engine.strategies import PLANS, is_automatic
from monitoring.optimizer.engine.trend import trend
from monitoring.optimizer.types import Act, Action, Effect, Finding, Risk, Status, Strategy
from tests.monitoring.optimizer.proposed import FINDING


def moments(
    level: float, *, count: int = 60, load: float = 100.0, per_load: float = 0.0, seed: int = 1
) -> list[Moment]:
    luck, found = random.Random(seed), []
    for number in range(count):
        now = load * (1 + 0.3 * (number % 7 - 3) / 3)
        found.append(Moment((level + per_load * now) * luck.uniform(0.95, 1.05), now))
    return found


def test_timings_of_the_strategies() -> None:
    found = {
        name.value: (plan.cleanup_s, plan.collect_percent, plan.optimise_s, plan.may_build_indexes)
        for name, plan in PLANS.items()
    }
    assert found == {
        "aggressive": (30, 70.0, 60, True),
        "balanced": (120, 80.0, 300, False),
        "conservative": (300, 90.0, 600, False),
    }


def finding(act: Act, risk: Risk) -> Finding:
    values = {name: getattr(FINDING, name) for name in Finding.__dataclass_fields__}
    return Finding(**{**values, "action": Action(act, "x", 1.0), "risk": risk})


@pytest.mark.parametrize(
    ("act", "risk", "expected"),
    [
        (Act.SET, Risk.LOW, (True, True, False)),
        (Act.SET, Risk.MEDIUM, (True, False, False)),
        (Act.SET, Risk.HIGH, (False, False, False)),
        (Act.ROUND, Risk.LOW, (True, True, False)),
        (Act.VACUUM, Risk.LOW, (True, False, False)),
        (Act.CREATE_INDEX, Risk.MEDIUM, (True, False, False)),
        (Act.ADVICE, Risk.LOW, (False, False, False)),
    ],
)
def test_what_is_done_without_asking(act: Act, risk: Risk, expected: tuple[bool, ...]) -> None:
    made = finding(act, risk)
    assert tuple(is_automatic(PLANS[name], made, confidence=0.6, cpu=20.0) for name in Strategy) == expected


def test_nothing_uncertain_and_no_index_on_a_busy_machine() -> None:
    aggressive = PLANS[Strategy.AGGRESSIVE]
    assert not is_automatic(aggressive, finding(Act.SET, Risk.LOW), confidence=0.3, cpu=20.0)
    for cpu in (80.0, None):
        assert not is_automatic(aggressive, finding(Act.CREATE_INDEX, Risk.MEDIUM), confidence=0.9, cpu=cpu)


def test_an_effect_is_measured_with_its_interval() -> None:
    found = measured(moments(40), moments(28, seed=2))
    assert found is not None
    assert found.change == pytest.approx(-0.3, abs=0.03)
    assert found.low < found.change < found.high
    assert found.high - found.low < 0.05
    gain = measured(moments(40), moments(60, seed=2), is_gain=True)
    assert gain is not None
    assert gain.change == pytest.approx(-0.5, abs=0.04)


def test_more_load_is_no_regression() -> None:
    """Twice the load takes twice the time before and after: nothing was changed by the change."""
    before = moments(0, load=100, per_load=0.4) + moments(0, load=200, per_load=0.4, seed=3)
    found = measured(before, moments(0, load=200, per_load=0.4, seed=4))
    naive = measured(moments(0, load=100, per_load=0.4), moments(0, load=200, per_load=0.4, seed=4))
    assert found is not None
    assert naive is not None
    assert abs(found.change) < 0.03
    assert naive.change > 0.5


def test_too_little_says_nothing_and_nothing_divides_by_zero() -> None:
    assert measured(moments(40), moments(40, count=PAIRS_MIN - 1)) is None
    assert measured(moments(40, count=PAIRS_MIN - 1), moments(40)) is None
    none = [Moment(0.0, 1.0)] * 10
    found = measured(none, none)
    assert found is not None
    assert found.change == 0.0
    worse = measured(none, [Moment(3.0, 1.0)] * 10)
    assert worse is not None
    assert worse.change == 10.0


@pytest.mark.parametrize(
    ("level", "elapsed_s", "status"),
    [
        (20, 100, None), (20, 600, Status.KEPT), (80, 100, Status.REVERTED), (40, 600, None),
        (40, 900, Status.INCONCLUSIVE),
    ],
)  # fmt: skip
def test_verdicts(level: float, elapsed_s: float, status: Status | None) -> None:
    found = measured(moments(40), moments(level, seed=5))
    assert verdict(found, [], elapsed_s=elapsed_s, observe_s=900).status is status


def test_a_guard_that_gets_worse_goes_before_a_gain() -> None:
    better, worse = measured(moments(40), moments(20, seed=6)), measured(moments(1), moments(2, seed=7))
    assert worse is not None
    found = verdict(better, [("error_rate", worse)], elapsed_s=900, observe_s=900)
    assert found.status is Status.REVERTED
    assert found.reason.startswith("error_rate got +")


def test_without_measurements_time_decides_that_nobody_knows() -> None:
    assert verdict(None, [], elapsed_s=899, observe_s=900).status is None
    assert verdict(None, [], elapsed_s=900, observe_s=900).status is Status.INCONCLUSIVE


def test_the_way_of_a_recommendation() -> None:
    way = (Status.PROPOSED, Status.APPROVED, Status.APPLIED, Status.OBSERVING, Status.KEPT, Status.REVERTED)
    assert all(may_become(one, other) for one, other in pairwise(way))
    assert not may_become(Status.PROPOSED, Status.APPLIED)
    assert not may_become(Status.REVERTED, Status.APPLIED)
    assert not may_become(Status.DISMISSED, Status.APPROVED)


def test_confidence_follows_its_own_history() -> None:
    assert confidence("anything", Record()) == 0.6
    assert confidence("anything", Record(kept=15)) == 0.9
    assert confidence("anything", Record(reverted=15)) == 0.15
    assert confidence("anything", Record(inconclusive=2)) == 0.5


def test_calibration_is_the_brier_score() -> None:
    assert calibration([]).brier is None
    found = calibration([(0.9, True), (0.9, True), (0.9, False), (0.1, False)], [True, True, False, True])
    assert found.brier == pytest.approx((0.01 + 0.01 + 0.81 + 0.01) / 4)
    assert (found.signs, found.count) == (0.75, 4)
    assert [(round(one.promised, 2), round(one.came, 2), one.count) for one in found.bins] == [
        (0.1, 0, 1),
        (0.9, 0.67, 3),
    ]


def test_promises_that_are_learnt_are_calibrated() -> None:
    """Rules with true chances from 10 to 95 percent: after some changes each the promises are nearly right."""
    luck, outcomes = random.Random(11), []
    for chance in (0.1, 0.3, 0.8, 0.9, 0.95):
        kept = reverted = 0
        for number in range(60):
            came = luck.random() < chance
            if number >= 10:
                outcomes.append((confidence("rule", Record(kept, reverted)), came))
            kept, reverted = kept + came, reverted + (not came)
    found = calibration(outcomes)
    assert found.brier is not None
    assert found.brier <= 0.15


def test_a_baseline_adapts_and_one_bad_hour_is_not_its_measure() -> None:
    baseline = None
    for number in range(50):
        baseline = adapted(baseline, 100.0 + number % 3)
    assert baseline is not None
    assert baseline.mean == pytest.approx(101, abs=0.5)
    assert baseline.distance(101) < 1 < baseline.distance(110)
    outlier = adapted(baseline, 1_000_000.0)
    assert outlier.mean < 104
    for _ in range(200):
        baseline = adapted(baseline, 200.0)
    assert baseline.mean > 150
    assert not Baseline(1.0, 0.0, 2).is_known


def test_a_trend_and_its_confidence() -> None:
    line = trend([10.0 + 0.5 * minute for minute in range(60)])
    assert line is not None
    assert (round(line.now, 6), round(line.ahead, 6), round(line.r2, 6)) == (39.5, 54.5, 1.0)
    luck = random.Random(3)
    noise = trend([luck.random() for _ in range(60)])
    assert noise is not None
    assert noise.r2 < 0.2
    gaps = trend([None, 1.0] * 30)
    assert gaps is not None
    assert (gaps.slope, gaps.r2, gaps.points) == (0.0, 0.0, 30)
    assert trend([1.0] * 9) is None


def test_a_line_of_what_is_never_negative_ends_at_zero() -> None:
    falling = trend([60.0 - minute for minute in range(60)])
    assert falling is not None
    assert (round(falling.now, 6), falling.ahead, round(falling.slope, 6)) == (1.0, 0.0, -1.0)
    steep = trend([1_000.0, *[0.0] * 10])
    assert steep is not None
    assert (steep.now, steep.ahead) == (0.0, 0.0)
    below = trend([10.0 - minute for minute in range(20)])
    assert below is not None
    assert (round(below.now, 6), round(below.ahead, 6)) == (-9.0, -39.0)


def test_the_score() -> None:
    assert score([], []) == 100
    assert score([80], []) == 88
    assert score([], [2.0, 6.0, 60.0]) == 85
    assert score([100] * 20, [99.0] * 20) == 0


COLUMNS = {"a": frozenset({"id", "x", "y"}), "b": frozenset({"id", "z"})}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('SELECT "a"."id" FROM "a" WHERE "a"."x" = $1', [("a", ("x",))]),
        ("SELECT * FROM a WHERE x = $1 AND y > $2", [("a", ("x", "y")), ("a", ("x",)), ("a", ("y",))]),
        ('SELECT * FROM "a" WHERE "a"."x" IN ($1 /*, ... */) ORDER BY "a"."y"',
            [("a", ("x", "y")), ("a", ("x",)), ("a", ("y",))]),
        ("SELECT 1 FROM a JOIN b t ON t.id = a.id WHERE t.z = $1", [("b", ("z",))]),
        ("UPDATE a SET y = $1 WHERE x = $2", [("a", ("y", "x")), ("a", ("y",)), ("a", ("x",))]),
        ("SELECT x FROM unknown WHERE x = $1", []),
        ("", []),
    ],
)  # fmt: skip
def test_columns_that_an_index_might_help(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert candidates(text, COLUMNS) == expected


def test_an_effect_names_its_load() -> None:
    assert Effect("response_time", -0.1, -0.2, 0.0).load == "throughput"
