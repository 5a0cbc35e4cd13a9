import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.evaluation import Instances, evaluate, evaluate_all
from alerting.engine.points import History, Points
from alerting.errors import RuleInvalid
from alerting.types import Cause, Severity, State
from monitoring.types import SeriesKey
from tests.alerting.rules import history, rule


def test_severity_by_threshold_in_one_rule() -> None:
    one = rule(labels={"team": "exchange"})
    instances: Instances = {}
    found = []
    for at, _ in enumerate([70, 85, 96, 85, 70]):
        evaluation = evaluate(one, history(cpu=[70.0, 85.0, 96.0, 85.0, 70.0]), at * 60.0, instances)
        instances = evaluation.instances
        found += [(line.at, line.after, line.severity) for line in evaluation.transitions]
    assert found == [
        (60.0, State.ALERTING, Severity.WARNING),
        (120.0, State.ALERTING, Severity.CRITICAL),
        (180.0, State.ALERTING, Severity.WARNING),
        (240.0, State.NORMAL, Severity.WARNING),
    ]


def test_each_process_is_an_alert_of_its_own() -> None:
    one = rule(by="process")
    series = {
        SeriesKey("cpu", f"process:web-{at}"): Points([0.0], [load]) for at, load in enumerate((50.0, 90.0, 99.0))
    }
    found = evaluate(one, History(series), 0.0, {})
    assert {(dict(labels)["process"], was.severity) for labels, was in found.instances.items()} == {
        ("web-1", Severity.WARNING),
        ("web-2", Severity.CRITICAL),
    }


def test_a_process_that_vanishes_has_no_data() -> None:
    one = rule(by="process")
    key = SeriesKey("cpu", "process:web-1")
    found = evaluate(one, History({key: Points([0.0], [90.0])}), 0.0, {})
    gone = evaluate(one, History({}), 60.0, found.instances)
    assert [(line.after, line.reason) for line in gone.transitions] == [
        (State.NO_DATA, "There is no data: no value in time.")
    ]


def test_a_site_without_the_series_has_no_data() -> None:
    found = evaluate(rule(), History({}), 0.0, {})
    assert [was.state for was in found.instances.values()] == [State.NO_DATA]


def test_arithmetic_that_fails_is_an_error() -> None:
    one = rule(condition="forecast", window="5m")
    found = evaluate(one, history(cpu=[0.0, 1e200, 2e200, 3e200]), 180.0, {})
    assert [(was.state, was.cause) for was in found.instances.values()] == [(State.ERROR, Cause.ERROR)]
    assert found.transitions[0].reason.startswith("It can't be evaluated: the arithmetic failed, ")


def test_outside_of_its_hours_a_rule_is_calm() -> None:
    night = {"name": "night", "clocks": [["00:00", "00:01"]]}
    one = rule(hours=[night])
    found = evaluate(one, history(cpu=[99.0]), 0.0, {})
    assert [was.state for was in found.instances.values()] == [State.ALERTING]
    after = evaluate(one, history(cpu=[99.0, 99.0]), 60.0, found.instances)
    assert [line.reason for line in after.transitions] == ["The condition has not held: outside of the rule's hours."]


def test_what_is_normal_is_forgotten_in_an_hour() -> None:
    found = evaluate(rule(), history(cpu=[99.0]), 0.0, {})
    calm = evaluate(rule(), history(cpu=[99.0, 1.0]), 60.0, found.instances)
    assert [was.state for was in calm.instances.values()] == [State.NORMAL]
    later = evaluate(rule(), history(3720.0, cpu=[1.0, 1.0]), 3720.0, calm.instances)
    assert later.instances == {}


def test_an_expression_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(RuleInvalid):
        rule(expression="cpu >")


@given(st.lists(st.one_of(st.none(), st.sampled_from([50.0, 85.0, 96.0])), min_size=1, max_size=20))
def test_rules_together_find_what_each_finds_alone(values: list[float | None]) -> None:
    rules = [rule(name="a"), rule(name="b", **{"for": "2m"}), rule(name="c", expression="cpu * 1"), rule(name="d")]
    data = history(cpu=values)
    alone: dict[str, Instances] = {}
    together: dict[str, Instances] = {}
    for at in range(len(values)):
        alone = {one.name: evaluate(one, data, at * 60.0, alone.get(one.name, {})).instances for one in rules}
        found = evaluate_all(rules, data, at * 60.0, together)
        together = {name: one.instances for name, one in found.items()}
    assert alone == together
