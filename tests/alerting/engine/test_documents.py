from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.documents import document_of, rule_of
from alerting.errors import IntervalInvalid, RuleInvalid
from alerting.types import Kind, Level, Policy, Severity

FULL: dict[str, Any] = {
    "name": "CPU",
    "expression": "avg(cpu_usage, 5m)",
    "condition": "ge",
    "levels": {"critical": 95, "warning": 80},
    "by": "process",
    "for": "2m",
    "keep_firing_for": "5m",
    "no_data": "keep",
    "on_error": "alert",
    "labels": {"team": "exchange"},
    "window": "10m",
    "objective": 99,
    "hours": [{"name": "office", "zone": "Europe/Lisbon", "clocks": [["09:00", "17:00"]], "weekdays": [[0, 4]]}],
    "owner": "dave",
    "runbook": "https://example.org/cpu",
}


def test_a_whole_rule() -> None:
    rule = rule_of(FULL)
    assert rule.levels == (Level(Severity.WARNING, 80), Level(Severity.CRITICAL, 95))
    assert (rule.kind, rule.for_s, rule.no_data, rule.on_error) == (Kind.GE, 120, Policy.KEEP, Policy.ALERT)
    assert (rule.window_s, rule.objective, rule.labels, rule.owner) == (600, 99, (("team", "exchange"),), "dave")
    assert rule_of(document_of(rule)) == rule


def test_the_api_s_way_to_write_one_threshold() -> None:
    rule = rule_of({"name": "n", "metric_name": "cpu", "condition": "lt", "threshold": 70, "severity": "info"})
    assert (rule.expression, rule.kind, rule.levels) == ("cpu", Kind.LT, (Level(Severity.INFO, 70),))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 2001}, "name"),
        ({"expression": "cpu >"}, "expression"),
        ({"colour": "red"}, "colour"),
        ({"condition": "about"}, "condition"),
        ({"condition": ["gt"]}, "condition"),
        ({"levels": {}}, "levels"),
        ({"levels": [80]}, "levels"),
        ({"levels": {"loud": 80}}, "severity"),
        ({"levels": {"WARNING": 80}}, "severity"),
        ({"levels": {"warning": "high"}}, "threshold"),
        ({"levels": {"warning": True}}, "threshold"),
        ({"levels": {"warning": float("nan")}}, "threshold"),
        ({"levels": {"warning": 95, "critical": 80}}, "levels"),
        ({"condition": "lt"}, "levels"),
        ({"condition": "outside", "levels": {"warning": [90, 10]}}, "levels"),
        ({"threshold": 80}, "levels"),
        ({"by": "country"}, "by"),
        ({"for": "soon"}, "for"),
        ({"window": 0}, "window"),
        ({"no_data": "shrug"}, "no_data"),
        ({"labels": {"severity": "x"}}, "labels"),
        ({"labels": {"team": 1}}, "labels"),
        ({"labels": "team"}, "labels"),
        ({"probability": 1}, "probability"),
        ({"probability": "often"}, "probability"),
        ({"objective": 100}, "objective"),
        ({"periods": 2}, "periods"),
        ({"periods": 3.5}, "periods"),
        ({"is_relative": 1}, "is_relative"),
        ({"hours": ["always"]}, "hours"),
        ({"hours": 5}, "hours"),
        ({"hours": None}, "hours"),
        ({"hours": {"name": "office"}}, "hours"),
        ({"hours": [{"weekdays": 3}]}, "weekdays"),
        ({"hours": [{"weekdays": [3]}]}, "weekdays"),
        ({"hours": [{"days": [[]]}]}, "days"),
        ({"hours": [{"months": [["1", "2"]]}]}, "months"),
        ({"hours": [{"clocks": ["09:00"]}]}, "clocks"),
        ({"hours": [{"clocks": [["09:00"]]}]}, "clocks"),
        ({"hours": [{"clocks": [[9, 17]]}]}, "clocks"),
        ({"for": None}, "for"),
        ({"window": [5]}, "window"),
    ],
)
def test_a_refusal_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleInvalid) as refused:
        rule_of(FULL | change)
    assert refused.value.errors[0].pointer == field


def test_hours_that_are_none_are_refused() -> None:
    with pytest.raises(IntervalInvalid):
        rule_of(FULL | {"hours": [{"zone": "Mars/Base"}]})


NUMBERS = st.floats(-1e6, 1e6).map(lambda value: value + 0.0)


@given(
    st.fixed_dictionaries(
        {
            "condition": st.sampled_from(["gt", "eq", "absent", "anomaly", "forecast"]),
            "levels": NUMBERS.flatmap(lambda low: st.just({"warning": low, "critical": low + 1})),
            "for": st.floats(0, 1e6),
            "window": st.integers(1, 10**6),
            "probability": st.floats(0.01, 0.99),
            "is_relative": st.booleans(),
            "no_data": st.sampled_from(["own", "ok", "keep", "alert"]),
        }
    )
)
def test_what_is_written_reads_the_same(fields: dict[str, Any]) -> None:
    rule = rule_of({"name": "n", "expression": "cpu", **fields})
    assert rule_of(document_of(rule)) == rule
