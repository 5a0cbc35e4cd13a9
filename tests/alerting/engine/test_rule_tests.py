import pytest
import yaml

from alerting.engine.rule_tests import failures, values
from alerting.errors import RuleInvalid
from tests.alerting.rules import rule

TEST = yaml.safe_load("""
interval: 1m
series:
  cpu: "50x5 90x10 _x3 40"
checks:
  - {at: 4m, alerts: []}
  - {at: 6m, alerts: [{state: pending, severity: warning}]}
  - {at: 8m, alerts: [{alertname: CPU, state: alerting}]}
""")


@pytest.mark.parametrize(
    ("notation", "wanted"),
    [
        ("1 2x3 _", [1, 2, 2, 2, None]),
        ("5+1x2", [5, 6, 7]),
        ("5-2.5x2", [5, 2.5, 0]),
        ("-1 _x2", [-1, None, None]),
        ("", []),
    ],
)
def test_values(notation: str, wanted: list[float | None]) -> None:
    assert values(notation) == wanted


@pytest.mark.parametrize("notation", ["a", "5x", "5+1", "_+1x2", "1x99999", "5+x2"])
def test_what_is_no_series_is_refused(notation: str) -> None:
    with pytest.raises(RuleInvalid):
        values(notation)


def test_a_test_that_holds() -> None:
    assert failures(rule(**{"for": "3m"}), TEST) == []


def test_what_does_not_hold_is_told() -> None:
    assert failures(rule(**{"for": "1m"}), TEST) == [
        "At 6m there is no alert with state pending, severity warning.",
        "At 6m there is an alert more, with alertname CPU, state alerting, severity warning.",
    ]


def test_a_series_of_a_process() -> None:
    test = {"series": {"cpu process:web-1": "99"}, "checks": [{"at": "0s", "alerts": [{"process": "web-1"}]}]}
    assert failures(rule(by="process"), test) == []


@pytest.mark.parametrize(
    "test",
    [
        {},
        {"series": {}, "checks": 1},
        {"series": {"cpu": 5}, "checks": []},
        {"series": {}, "checks": [{"at": "later"}]},
        {"series": {}, "checks": ["now"]},
        {"series": {}, "checks": [{"at": "52w"}], "interval": "1s"},
        {"series": {}, "checks": [], "interval": "0s"},
    ],
)
def test_what_is_no_test_is_refused(test: dict[str, object]) -> None:
    with pytest.raises(RuleInvalid):
        failures(rule(), test)
