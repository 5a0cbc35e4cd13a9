import pytest

from alerting.engine.backtest import backtest
from alerting.engine.evaluation import Instances, evaluate
from alerting.errors import RuleInvalid
from alerting.types import Cause, Severity
from tests.alerting.rules import history, rule

WEEK: list[float | None] = ([50.0] * 110 + [90.0] * 8 + [97.0] * 2) * 84


def test_would_have_fired_seven_times_last_week() -> None:
    day: list[float | None] = [50.0] * 1400 + [90.0] * 40
    found = backtest(rule(**{"for": "5m"}), history(cpu=day * 7 + [50.0]), 0.0, 7 * 86_400.0, 60.0)
    assert found.sentence() == "It would have fired 7 times."
    assert (found.fired_count, found.firing_s, found.noise) == (7, 7 * 35 * 60.0, 0.0)
    first = found.episodes[0]
    assert (first.started_at, first.duration_s, first.severity) == (1405 * 60.0, 2100.0, Severity.WARNING)


def test_the_worst_severity_counts_and_an_end_may_be_open() -> None:
    found = backtest(rule(), history(cpu=[50.0, 85.0, 96.0, 85.0]), 0.0, 180.0, 60.0)
    assert [(one.started_at, one.ended_at, one.severity) for one in found.episodes] == [(60.0, None, Severity.CRITICAL)]
    assert found.firing_s == 120.0
    assert backtest(rule(), history(cpu=[1.0]), 0.0, 0.0, 60.0).sentence() == "It would not have fired."
    assert backtest(rule(), history(cpu=[99.0]), 0.0, 0.0, 60.0).sentence() == "It would have fired once."


def test_what_fires_for_want_of_data_alone_says_so() -> None:
    nothing: list[float | None] = [None] * 20
    calm, hot = [50.0] * 10, [97.0] * 10
    for values, causes in [
        (nothing + calm, [Cause.NO_DATA]),
        (nothing + hot, [Cause.BREACH]),
        (hot + nothing, [Cause.BREACH]),
        (nothing + calm + hot, [Cause.NO_DATA, Cause.BREACH]),
    ]:
        found = backtest(rule(), history(cpu=values), 0.0, (len(values) - 1) * 60.0, 60.0)
        assert [one.cause for one in found.episodes] == causes


def test_it_does_what_live_would_have_done() -> None:
    one, data = rule(**{"for": "3m", "keep_firing_for": "2m"}), history(cpu=WEEK[:500])
    instances: Instances = {}
    live = []
    for at in range(500):
        evaluation = evaluate(one, data, at * 60.0, instances)
        instances = evaluation.instances
        live += evaluation.transitions
    assert backtest(one, data, 0.0, 499 * 60.0, 60.0).transitions == tuple(live)


@pytest.mark.parametrize(("start", "end", "step_s"), [(0.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1e9, 1.0)])
def test_too_many_steps_are_refused(start: float, end: float, step_s: float) -> None:
    with pytest.raises(RuleInvalid):
        backtest(rule(), history(cpu=[1.0]), start, end, step_s)
