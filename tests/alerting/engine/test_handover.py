from alerting.engine.handover import alerts_of
from alerting.engine.state import new_instance, step
from alerting.types import Cause, Instance, Severity, Signal
from tests.alerting.rules import rule

CALM = Signal(Cause.CALM)
WARNING = Signal(Cause.BREACH, Severity.WARNING, 85.0, "85")
CRITICAL = Signal(Cause.BREACH, Severity.CRITICAL, 96.0, "96")
NO_DATA = Signal(Cause.NO_DATA)
#: Told alerts as (severity, state label, starts, ends).
Told = tuple[str, str, float, float]
FOREVER = float("inf")


def told(*signals: Signal, **fields: str) -> list[list[Told]]:
    one = rule(owner="dave", **fields)
    was: Instance = new_instance((("alertname", "CPU"),), one, 0.0)
    found: list[list[Told]] = []
    for number, signal in enumerate(signals):
        became, transition = step(was, signal, one, number * 60.0)
        if transition:
            alerts = alerts_of(one, was, became, transition)
            assert all(alert.annotations == (("owner", "dave"),) for alert in alerts)
            labels = [dict(alert.labels) for alert in alerts]
            found.append(
                [
                    (label["severity"], label.get("state", ""), alert.starts_at, alert.ends_at)
                    for label, alert in zip(labels, alerts, strict=True)
                ]
            )
        was = became
    return found


def test_a_beginning_and_an_end() -> None:
    assert told(WARNING, CALM) == [[("warning", "", 0.0, FOREVER)], [("warning", "", 0.0, 60.0)]]


def test_a_rise_ends_one_alert_and_begins_the_other() -> None:
    assert told(WARNING, CRITICAL)[1] == [("warning", "", 0.0, 60.0), ("critical", "", 60.0, FOREVER)]


def test_each_level_has_a_beginning_of_its_own() -> None:
    assert told(WARNING, CRITICAL, WARNING, CALM)[2:] == [
        [("critical", "", 60.0, 120.0), ("warning", "", 120.0, FOREVER)],
        [("warning", "", 120.0, 180.0)],
    ]


def test_pending_and_recovery_tell_nothing() -> None:
    assert told(WARNING, WARNING, CALM, keep_firing_for="5m", **{"for": "1m"}) == [
        [],
        [("warning", "", 60.0, FOREVER)],
        [],
    ]


def test_lost_data_is_another_alert() -> None:
    assert told(WARNING, NO_DATA)[1] == [("warning", "", 0.0, 60.0), ("warning", "no_data", 60.0, FOREVER)]
