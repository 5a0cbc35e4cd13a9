"""What each target will need soon, learned in this process from the stored minutes.

Contract   ``forecasts`` answers whole instances for targets whose load has a rhythm that pays; others are left out.
           The load is that of the first policy whose series the instances share, in shares of its threshold.
Bound      The first answer reads two days of minutes in five statements and takes about half a second; later ones read
           what was added. A gap keeps the value before it, and one of more than two days begins anew.
"""

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from monitoring.scaling.engine.forecast import Forecaster
from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.selectors.targets import Policied
from monitoring.selectors.history import history
from monitoring.types import SeriesKey

#: Minutes until a process that is started now serves, with the round that starts it.
LEAD_MIN: Final = 2
LEARNED: Final = timedelta(days=2)
_MINUTE: Final = timedelta(minutes=1)
_READ_MAX: Final = timedelta(hours=9)


@dataclass(slots=True)
class _Learned:
    policy: Policy
    until: datetime
    load: float = 0.0
    forecaster: Forecaster = field(default_factory=lambda: Forecaster(lead=LEAD_MIN))


class Outlook:
    """One for a process; ``forecasts`` may be asked by several threads."""

    def __init__(self) -> None:
        self._learned: dict[str, _Learned] = {}
        self._lock = threading.Lock()

    def forecasts(self, targets: Sequence[Policied], now: datetime) -> Mapping[str, int]:
        """How many instances will be needed, by target."""
        found = {}
        with self._lock:
            for one in targets:
                policy = next((policy for policy in one.policies if policy.is_shared), None)
                count = None if policy is None else self._count(one, policy, now)
                if count is not None:
                    found[one.target.name] = count
        return found

    def _count(self, one: Policied, policy: Policy, now: datetime) -> int | None:
        last = now.astimezone(UTC).replace(second=0, microsecond=0)
        learned = self._learned.get(one.target.name)
        if learned is None or learned.policy != policy or learned.until < last - LEARNED:
            learned = self._learned[one.target.name] = _Learned(policy, last - LEARNED)
        while learned.until < last:
            self._learn(learned, min(learned.until + _READ_MAX, last))
        peak = learned.forecaster.peak()
        return None if peak is None else math.ceil(peak / (1 + one.target.tolerance.out))

    def _learn(self, learned: _Learned, until: datetime) -> None:
        key = SeriesKey(learned.policy.metric_name)
        found = history(series=[key], start=learned.until, end=until, step_s=60, aggregate="max")
        each = learned.policy.target or learned.policy.scale_up
        for value in found.lines[0].values:
            learned.load = learned.load if value is None else value / each
            learned.forecaster.observe(learned.load)
        learned.until = until


outlook: Final = Outlook()
