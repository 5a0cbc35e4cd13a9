"""Inhibition: while one alert fires, others that follow from it aren't told.

Contract   Source and target agree on the ``equal`` labels, where missing is empty and empty equals missing. An alert
           that matches both sides isn't inhibited by one that does so too, itself included.
Bound      Firing alerts times rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alerting.engine.alerts import Alert
from alerting.engine.labels import only
from alerting.engine.matchers import Matchers, matches
from alerting.types import LabelSet


@dataclass(frozen=True, slots=True)
class Inhibition:
    """No matchers on a side match every alert."""

    source: Matchers = ()
    target: Matchers = ()
    equal: tuple[str, ...] = ()


def inhibited_by(
    rules: Iterable[Inhibition], alerts: Iterable[Alert], labels: LabelSet, now: float
) -> tuple[LabelSet, ...]:
    """The label sets of the firing alerts that inhibit this one."""
    firing = [alert for alert in alerts if not alert.is_resolved(now)]
    found: dict[LabelSet, None] = {}
    for rule in rules:
        if not matches(rule.target, labels):
            continue
        has_both = matches(rule.source, labels)
        for alert in firing:
            if _inhibits(rule, alert.labels, labels, has_both):
                found[alert.labels] = None
    return tuple(found)


def _inhibits(rule: Inhibition, source: LabelSet, target: LabelSet, has_both: bool) -> bool:
    return (
        matches(rule.source, source)
        and only(source, rule.equal) == only(target, rule.equal)
        and not (has_both and matches(rule.target, source))
    )
