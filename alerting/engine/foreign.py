"""Alerts that Alertmanager tells, in our words.

Contract   An alert is known by its labels alone, as Alertmanager knows it, so that both of a pair may tell it. The
           mark of where it comes from keeps it apart from an alert of our own rules with the same labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerting.engine.labels import fingerprint, label, with_labels
from alerting.types import ALERT_NAME, SEVERITY, LabelSet, Severity

ORIGIN: Final = "origin"
ALERTMANAGER: Final = "alertmanager"
_SEVERITIES: Final[Mapping[str, Severity]] = {
    "none": Severity.INFO,
    "info": Severity.INFO,
    "warning": Severity.WARNING,
    "error": Severity.CRITICAL,
    "critical": Severity.CRITICAL,
    "page": Severity.EMERGENCY,
    "emergency": Severity.EMERGENCY,
}
#: The first that is there tells why the alert fires.
_REASONS: Final = ("summary", "description", "message")


@dataclass(frozen=True, slots=True)
class ForeignAlert:
    """``started_at`` tells one time of firing from another. ``source_url`` shows what was measured."""

    labels: LabelSet
    annotations: LabelSet
    is_firing: bool
    started_at: datetime
    source_url: str = ""

    @property
    def name(self) -> str:
        return label(self.labels, ALERT_NAME) or "alert"

    @property
    def mark(self) -> str:
        return fingerprint(self.own_labels)

    @property
    def own_labels(self) -> LabelSet:
        return with_labels(self.labels, {ORIGIN: ALERTMANAGER})

    @property
    def severity(self) -> Severity:
        """A word that we don't know is a warning."""
        return _SEVERITIES.get(label(self.labels, SEVERITY).lower(), Severity.WARNING)

    @property
    def told_labels(self) -> LabelSet:
        """With the severity in our words, which routes and inhibitions look at."""
        return with_labels(self.own_labels, {SEVERITY: self.severity.name.lower()})

    @property
    def reason(self) -> str:
        return next((text for name in _REASONS if (text := label(self.annotations, name))), "Prometheus found it.")

    @property
    def words(self) -> LabelSet:
        """What a message says beside the reason."""
        given = {
            "description": label(self.annotations, "description"),
            "owner": label(self.annotations, "owner"),
            "runbook": label(self.annotations, "runbook_url") or label(self.annotations, "runbook"),
        }
        return tuple((name, text) for name, text in given.items() if text)
