"""A site whose measurements, rules and moments are as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from alerting.models import AlertRule, Channel, Delivery, EscalationPlan, Inhibition
from alerting.selectors import points
from alerting.services.evaluate_rules import Round, evaluate_rules
from alerting.services.flush_groups import flush_groups
from monitoring.selectors.latest import Latest
from monitoring.selectors.live_values import LiveValues
from monitoring.types import SeriesKey

START = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass
class Site:
    """``values`` are told each second until they change."""

    clock: Any
    values: dict[SeriesKey, float] = field(default_factory=dict)

    def rule(self, name: str = "CPU", *, channels: tuple[str, ...] = (), **document: Any) -> AlertRule:
        """On ``cpu_usage``: above 80 a warning, above 95 critical, unless told otherwise."""
        given = {"expression": "cpu_usage", "condition": "gt", "levels": {"warning": 80, "critical": 95}, **document}
        now = datetime.now(UTC)
        return AlertRule.objects.create(
            name=name, document=given, channels=list(channels), created_at=now, updated_at=now
        )

    def channel(self, name: str = "pager", *, is_default: bool = True, sends_resolved: bool = True) -> Channel:
        now = datetime.now(UTC)
        return Channel.objects.create(
            name=name,
            kind="webhook",
            is_default=is_default,
            sends_resolved=sends_resolved,
            created_at=now,
            updated_at=now,
        )

    def tell(self, **values: float | None) -> None:
        """What the whole site measures from now on; None ends a series."""
        for name, value in values.items():
            self.tell_of(name, "", value)

    def tell_of(self, name: str, dimension: str, value: float | None) -> None:
        if value is None:
            self.values.pop(SeriesKey(name, dimension), None)
        else:
            self.values[SeriesKey(name, dimension)] = value

    def round(self, *, after_s: float = 30) -> Round | None:
        """The next round, ``after_s`` seconds later."""
        self.clock.shift(after_s)
        found = evaluate_rules()
        flush_groups()
        return found

    def titles(self) -> list[str]:
        """What was queued, in order."""
        return [row.content["title"] for row in Delivery.objects.order_by("pk")]


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch) -> "Callable[[], Site] | Any":
    for model in (AlertRule, Inhibition, EscalationPlan, Channel):
        model.objects.all().delete()
    with time_machine.travel(START, tick=False) as clock:
        found = Site(clock)

        def live() -> LiveValues:
            return LiveValues(int(datetime.now(UTC).timestamp()), dict(found.values))

        def nothing(**asked: Any) -> dict[SeriesKey, Latest]:
            return {}

        monkeypatch.setattr(points, "live_values", live)
        monkeypatch.setattr(points, "latest", nothing)
        yield found
