import pytest

from alerting.engine.alerts import Alert
from alerting.engine.inhibition import Inhibition, inhibited_by
from alerting.engine.labels import label_set
from alerting.engine.matchers import read_matchers
from alerting.types import LabelSet

RULE = Inhibition(read_matchers("severity=critical"), read_matchers("severity=warning"), equal=("job", "zone"))


def firing(ends_at: float = 1e9, **labels: str) -> Alert:
    return Alert(label_set(labels), 0.0, ends_at, 0.0)


def inhibits(rule: Inhibition, source: Alert, target: LabelSet) -> bool:
    return inhibited_by([rule], [source], target, 10.0) == (source.labels,)


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        ({"job": "web", "zone": "a"}, {"job": "web", "zone": "a"}, True),
        ({"job": "web", "zone": "a"}, {"job": "web", "zone": "b"}, False),
        ({"job": "web"}, {"job": "web"}, True),
        ({"job": "web", "zone": ""}, {"job": "web"}, True),
        ({"job": "web"}, {"job": "web", "zone": "a"}, False),
        ({}, {}, True),
    ],
)
def test_equal_labels_where_missing_is_empty(source: dict[str, str], target: dict[str, str], wanted: bool) -> None:
    one = firing(severity="critical", **source)
    assert inhibits(RULE, one, label_set({"severity": "warning", **target})) is wanted


def test_what_is_resolved_inhibits_nothing() -> None:
    target = label_set({"severity": "warning"})
    assert inhibits(RULE, firing(10.1, severity="critical"), target)
    assert not inhibits(RULE, firing(10.0, severity="critical"), target)


def test_an_alert_that_matches_both_sides_is_not_inhibited_by_another_that_does() -> None:
    both = Inhibition(read_matchers("team=exchange"), read_matchers("severity=~warning|critical"))
    one = firing(team="exchange", severity="critical", alertname="a")
    other = firing(team="exchange", severity="critical", alertname="b")
    source = firing(team="exchange", severity="info")
    assert not inhibits(both, one, one.labels)
    assert not inhibits(both, other, one.labels)
    assert inhibits(both, source, one.labels)
    # A target alone is inhibited by those on both sides.
    assert inhibits(both, one, label_set({"severity": "warning", "team": "web"}))
