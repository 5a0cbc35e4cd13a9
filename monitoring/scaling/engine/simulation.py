"""A load replayed through several ways of scaling, and what each would have cost.

Contract   Time runs in steps of ``TICK_S``, as often as Kubernetes decides. A started instance serves after
           ``startup_s``; it is paid for from its start. The processor is measured as the mean of two steps and is
           never above 100 %; what arrives is counted even when it can't be served. Pure and repeatable.
           A step is late when the instances that serve are busier than ``busy_max``: then answers wait.
Bound      About 50 microseconds a step and way.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Protocol

from monitoring.scaling.engine.behaviour import combined, settle, with_change
from monitoring.scaling.engine.decision import State, Target, decide
from monitoring.scaling.engine.forecast import Forecaster
from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.engine.replicas import resource_count
from monitoring.scaling.types import Behaviour, Instance, Memory, Mode, Rate, RateKind, Rules, Tolerance

TICK_S: Final = 15.0
TARGET_PERCENT: Final = 70
_HOUR_TICKS: Final = int(3600 / TICK_S)
#: The load that all but one step in a hundred stay below needs so many instances at the target.
_TYPICAL: Final = 8.0


@dataclass(frozen=True, slots=True)
class Site:
    """What is simulated: ``capacity`` is the load that one instance serves when it is fully busy."""

    capacity: float
    startup_s: float = 60.0
    busy_max: float = 0.8
    low: int = 1
    high: int = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a way of scaling sees: ``busy`` is the mean of those that are ready, 0 to 1; ``arriving`` the load."""

    now: float
    busy: float
    arriving: float
    ready: int
    starting: int

    @property
    def count(self) -> int:
        return self.ready + self.starting


class Way(Protocol):
    def count(self, seen: Reading) -> int:
        """How many instances there shall be."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """``late_min`` are minutes above ``busy_max``; ``turns_max`` the most changes of direction within an hour."""

    name: str
    late_min: float
    hours: float
    changes: int
    turns: int
    turns_max: int
    counts: tuple[int, ...] = field(repr=False)


def site_for(loads: Sequence[float], *, startup_s: float = 60.0, high: int = 20) -> Site:
    """A site of a size that fits the load."""
    usual = sorted(loads)[min(int(len(loads) * 0.99), len(loads) - 1)] or 1.0
    return Site(capacity=usual / (_TYPICAL * TARGET_PERCENT / 100), startup_s=startup_s, high=high)


def simulate(name: str, way: Way, loads: Sequence[float], site: Site) -> Outcome:
    """What ``way`` makes of ``loads``, one for each step."""
    ready, late = _first(loads, site), 0
    starting: deque[float] = deque()
    counts: list[int] = []
    before = loads[0]
    for number, load in enumerate(loads):
        now = number * TICK_S
        while starting and starting[0] <= now:
            starting.popleft()
            ready += 1
        late += load > ready * site.capacity * site.busy_max
        busy = min((load + before) / 2 / (ready * site.capacity), 1.0)
        wanted = way.count(Reading(now, busy, load, ready, len(starting)))
        ready = _moved(wanted, ready, starting, now + site.startup_s)
        counts.append(ready + len(starting))
        before = load
    return _outcome(name, late, counts)


def _first(loads: Sequence[float], site: Site) -> int:
    return min(max(math.ceil(loads[0] / site.capacity * 100 / TARGET_PERCENT), site.low), site.high)


def _moved(wanted: int, ready: int, starting: deque[float], ready_at: float) -> int:
    for _ in range(wanted - ready - len(starting)):
        starting.append(ready_at)
    for _ in range(ready + len(starting) - wanted):
        if starting:
            starting.pop()
        else:
            ready -= 1
    return ready


def _outcome(name: str, late: int, counts: Sequence[int]) -> Outcome:
    moves = [(at, after - before) for at, (before, after) in enumerate(pairwise(counts)) if after != before]
    turns = [at for (_, one), (at, other) in pairwise(moves) if (one > 0) != (other > 0)]
    densest = max((sum(at <= other < at + _HOUR_TICKS for other in turns) for at in turns), default=0)
    return Outcome(
        name, late * TICK_S / 60, sum(counts) * TICK_S / 3600, len(moves), len(turns), densest, tuple(counts)
    )


class Outlook:
    """Says how many instances will be needed, from the loads of whole minutes."""

    def __init__(self, site: Site) -> None:
        self._each = site.capacity * TARGET_PERCENT / 100
        self.forecaster = Forecaster(lead=math.ceil((site.startup_s + TICK_S) / 60) + 1)
        self._minute: list[float] = []
        self._count: int | None = None

    def count(self, seen: Reading) -> int | None:
        self._minute.append(seen.arriving / self._each)
        if seen.now % 60 == 0:
            self.forecaster.observe(max(self._minute))
            self._minute = []
            peak = self.forecaster.peak()
            self._count = None if peak is None else math.ceil(peak / 1.1)
        return self._count


class Kubernetes:
    """Its autoscaler on the processor, with some behaviour; an ``outlook`` may add to what it wishes."""

    def __init__(
        self, site: Site, behaviour: Behaviour, tolerance: Tolerance, *, outlook: Outlook | None = None
    ) -> None:
        self._site, self._behaviour, self._tolerance = site, behaviour, tolerance
        self._outlook, self._memory = outlook, Memory()

    def count(self, seen: Reading) -> int:
        used = round(seen.busy * 1000)
        instances = [Instance(used)] * seen.ready + [Instance(None, is_ready=False)] * seen.starting
        found = resource_count(
            current=seen.count, target_percent=TARGET_PERCENT, instances=instances, tolerance=self._tolerance
        )
        wished = combined(seen.count, [found])
        foreseen = self._outlook.count(seen) if self._outlook else None
        if wished is None:
            return seen.count
        count, _, memory = settle(
            current=seen.count,
            wished=max(wished, foreseen or 0),
            low=self._site.low,
            high=self._site.high,
            behaviour=self._behaviour,
            memory=self._memory,
            now=seen.now,
        )
        self._memory = with_change(memory, self._behaviour, seen.now, count - seen.count)
        return count


class Own:
    """This product's decisions, with or without an outlook."""

    def __init__(self, site: Site, policy: Policy, target: Target, *, outlook: Outlook | None = None) -> None:
        self._target = replace(target, low=site.low, high=site.high)
        self._policy, self._outlook = policy, outlook
        self._state = State()

    def count(self, seen: Reading) -> int:
        decision, self._state = decide(
            target=self._target,
            policies=[self._policy],
            values={"cpu_usage": seen.busy * 100, "arrivals": seen.arriving},
            current=seen.count,
            state=self._state,
            now=seen.now,
            forecast=self._outlook.count(seen) if self._outlook else None,
        )
        return decision.count


def ways(site: Site) -> dict[str, Callable[[], Way]]:
    """Every way that is compared, by name; the first is what the others are measured by."""
    defaults = Behaviour()
    tuned = Behaviour(defaults.out, Rules(180.0, (Rate(RateKind.PERCENT, 50, 60.0),)))
    arrivals = Policy("arrivals", "arrivals", 0, 0, is_shared=True, target=site.capacity * TARGET_PERCENT / 100)
    own = Target("web", behaviour=tuned, tolerance=Tolerance(0.11, 0.05), cooldown_s=60.0, mode=Mode.ON)
    return {
        "HPA default": lambda: Kubernetes(site, defaults, Tolerance()),
        "HPA tuned": lambda: Kubernetes(site, tuned, Tolerance(0.05, 0.1)),
        "thresholds": lambda: Own(site, Policy("cpu", "cpu_usage", 80, 40), Target("web")),
        "reactive": lambda: Own(site, arrivals, own),
        "predictive": lambda: Kubernetes(site, defaults, Tolerance(), outlook=Outlook(site)),
        "both": lambda: Own(site, arrivals, own, outlook=Outlook(site)),
    }
