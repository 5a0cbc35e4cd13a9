"""1,000 rules over 200 series each, judged in one process; seconds of its processor. No server takes part."""

import random
import statistics
import time
from typing import Any, Final

from alerting.engine.backtest import backtest
from alerting.engine.documents import rule_of
from alerting.engine.evaluation import Instances, evaluate_all
from alerting.engine.points import History, Points
from alerting.types import Rule
from benchmarks.report import Row, say
from benchmarks.stack import Stack
from monitoring.types import SeriesKey
from opinion_market.garbage import calm_collector

RULES: Final = 1_000
PROCESSES: Final = 200
NAMES: Final = tuple(f"series_{number}" for number in range(10))
STEP_S: Final = 10
#: An hour of samples of ten seconds.
POINTS: Final = 360
ROUNDS: Final = 5
BOUND_S: Final = 1.0
#: How a mix of rules judges, each once in ten.
MIX: Final[tuple[dict[str, Any], ...]] = (
    {"condition": "gt"},
    {"condition": "ge"},
    {"condition": "lt", "levels": {"warning": 5, "critical": 1}},
    {"condition": "outside", "levels": {"warning": [5, 95]}},
    {"condition": "change", "levels": {"warning": 400}},
    {"condition": "rate", "levels": {"warning": 50}},
    {"condition": "absent", "levels": {"warning": "5m"}},
    {"condition": "anomaly", "levels": {"warning": 6}},
    {"condition": "forecast", "levels": {"warning": 150}, "horizon": "30m"},
    {"condition": "burn_rate", "levels": {"warning": 90}, "objective": 99},
)


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    # As the processes of the product have it.
    calm_collector()
    quiet, stormy = made_history(0.01), made_history(0.3)
    count = RULES // 10 if is_quick else RULES
    plain = [_rule(number, {"condition": "gt"}) for number in range(count)]
    apart = [_rule(number, {"condition": "gt", "fresh": 60 + number}) for number in range(count)]
    mixed = [_rule(number, MIX[number % len(MIX)]) for number in range(count)]
    own = [
        _rule(number, MIX[number % len(MIX)] | {"window": 300 + number, "fresh": 60 + number})
        for number in range(count)
    ]
    said = f"{count:,} rules x {PROCESSES} series"
    return [
        _row(f"{said}, thresholds", plain, quiet, BOUND_S),
        _row(f"{said}, thresholds, each rule with a freshness of its own", apart, quiet, BOUND_S),
        _row(f"{said}, ten kinds of condition", mixed, quiet, BOUND_S),
        _row(f"{said}, ten kinds, each rule with a window of its own", own, quiet, BOUND_S),
        _row(f"{said}, thresholds, in a storm", plain, stormy, None),
        _backtest_row(),
    ]


def made_history(share: float) -> History:
    """An hour of every series of every process. Values go around 50; a share of them is between 80 and 100."""
    chance = random.Random(7)
    times = [STEP_S * at for at in range(POINTS)]

    def value() -> float:
        return chance.uniform(80, 100) if chance.random() < share else chance.gauss(50, 5)

    keys = [SeriesKey(name, f"process:web-{number}") for name in NAMES for number in range(PROCESSES)]
    return History({key: Points(times, [value() for _ in times]) for key in keys})


def _rule(number: int, fields: dict[str, Any]) -> Rule:
    document = {"name": f"rule {number}", "expression": NAMES[number % len(NAMES)], "by": "process"}
    return rule_of({"levels": {"warning": 80, "critical": 95}, "window": "5m", **document, **fields})


def _row(what: str, rules: list[Rule], history: History, bound_s: float | None) -> Row:
    """Rounds a step apart, so that states come and go; the median counts."""
    say(what)
    instances: dict[str, Instances] = {}
    seconds, transitions = [], 0
    for round_ in range(ROUNDS):
        now = (POINTS - ROUNDS + round_) * STEP_S
        started_at = time.process_time()
        found = evaluate_all(rules, history, now, instances)
        seconds.append(time.process_time() - started_at)
        instances = {name: one.instances for name, one in found.items()}
        transitions = sum(len(one.transitions) for one in found.values())
    median = statistics.median(seconds)
    judged = len(rules) * PROCESSES
    figure = f"{median * 1e3:,.0f} ms, {median / judged * 1e6:.2f} us each, {transitions:,} transitions a round"
    return Row(what, figure, median, bound_s, is_ceiling=True)


def _backtest_row() -> Row:
    week = 7 * 24 * 60
    chance = random.Random(7)
    points = Points([60 * at for at in range(week)], [chance.uniform(0, 100) for _ in range(week)])
    rule = rule_of({"name": "cpu", "expression": "cpu", "levels": {"warning": 80}, "for": "2m"})
    started_at = time.process_time()
    found = backtest(rule, History({SeriesKey("cpu"): points}), 0, (week - 1) * 60, 60)
    seconds = time.process_time() - started_at
    figure = f"{seconds * 1e3:,.0f} ms, fired {found.fired_count} times"
    return Row("backtest of a rule over a week of minutes", figure, seconds)
