from alerting.engine.alerts import Alert
from alerting.engine.hours import hours
from alerting.engine.inhibition import Inhibition
from alerting.engine.labels import label_set
from alerting.engine.matchers import read_matchers
from alerting.engine.pipeline import STAGES, Suppression, Surroundings, suppression_of, visible
from alerting.engine.routing import Route
from alerting.engine.silences import Silence

FIRST_HOUR = hours("first hour", clocks=[("00:00", "01:00")])
CPU = Alert(label_set({"alertname": "CPU", "severity": "warning"}), 0.0, 1e9, 0.0)
SITE = Alert(label_set({"alertname": "Site", "severity": "critical"}), 0.0, 1e9, 0.0)
RULE = Inhibition(read_matchers("alertname=Site"), read_matchers("severity=warning"))
SILENCE = Silence("s1", read_matchers("alertname=CPU"), 0.0, 7200.0, 0.0)
QUIET = Surroundings((CPU, SITE), (), (), 60.0)


def test_the_order_of_the_stages() -> None:
    assert list(STAGES) == [
        Suppression.INHIBITION,
        Suppression.ACTIVE_HOURS,
        Suppression.MUTE_HOURS,
        Suppression.SILENCE,
    ]


def test_each_stage() -> None:
    assert suppression_of(CPU, Route("r"), QUIET) is None
    inhibited = Surroundings((CPU, SITE), (RULE,), (), 60.0)
    assert visible([CPU, SITE], Route("r"), inhibited) == (SITE,)
    assert suppression_of(CPU, Route("r"), inhibited) is Suppression.INHIBITION
    assert suppression_of(CPU, Route("r", mute_hours=(FIRST_HOUR,)), QUIET) is Suppression.MUTE_HOURS
    assert suppression_of(CPU, Route("r", active_hours=(FIRST_HOUR,)), QUIET) is None
    late = Surroundings((CPU,), (), (SILENCE,), 3600.0)
    assert suppression_of(CPU, Route("r", active_hours=(FIRST_HOUR,)), late) is Suppression.ACTIVE_HOURS
    assert suppression_of(CPU, Route("r", mute_hours=(FIRST_HOUR,)), late) is Suppression.SILENCE
