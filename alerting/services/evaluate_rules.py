"""One round: look at every rule, and write all that follows from it.

Contract   Whoever evaluates holds the row of the engine; a second scheduler finds it taken, or the round done. States,
           transitions, alerts, incidents and the messages that are due are one transaction: a crash leaves the round
           before, and the next tick does it again. A rule that can't be read, fails or is slow doesn't keep the others
           from theirs.
Bound      One reading of what was measured, and statements that don't grow with the rules.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from alerting.engine.evaluation import Evaluation, IsLate, evaluate_all
from alerting.engine.points import History
from alerting.engine.state import new_instance
from alerting.errors import IntervalInvalid, RuleInvalid
from alerting.events import AlertsChanged
from alerting.models import AlertingEngine, AlertRule
from alerting.selectors.points import history_of
from alerting.selectors.routing import current_routing
from alerting.selectors.rules import all_rules, engine_rule, instances_of
from alerting.selectors.switch import settings_of
from alerting.services._changes import Change, keep_changes
from alerting.services._flushing import BATCH, flush_due
from alerting.services._groups import receive
from alerting.services._states import keep_instances
from alerting.types import Instance, LabelSet, Rule, State, Transition
from common import clock
from common.bus import publish_on_commit

#: Groups whose messages are queued with the round; more follow a second later.
_FLUSHES: Final = 5
#: What a rule may take of a round; what it hasn't judged by then is in error.
RULE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did."""

    rules: int
    failed: Mapping[str, str]
    transitions: int
    took_s: float


def evaluate_rules() -> Round | None:
    """Do the round that is due.

    Returns: None when none is due, or somebody else does it
    """
    now = clock.now()
    with transaction.atomic():
        AlertingEngine.objects.get_or_create(pk=1)
        row = AlertingEngine.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if row is None:
            return None
        settings = settings_of(row)
        if not settings.is_on or (row.next_at is not None and row.next_at > now):
            return None
        began = time.perf_counter()
        found = _round(row, now.timestamp())
        took_s = time.perf_counter() - began
        _keep_engine(row, found, took_s, settings.interval_s)
    return Round(found.rules, found.failed, found.transitions, took_s)


@dataclass(frozen=True, slots=True)
class _Found:
    rules: int
    failed: Mapping[str, str]
    transitions: int


def _round(row: AlertingEngine, now: float) -> _Found:
    rows, failed = all_rules(), dict[str, str]()
    known: list[tuple[AlertRule, Rule]] = []
    for one in [row for row in rows if row.is_enabled]:
        try:
            known.append((one, engine_rule(one)))
        except (RuleInvalid, IntervalInvalid) as problem:
            failed[one.name] = str(problem)
    changes = _evaluated(known, history_of([rule for _, rule in known], now), now)
    routing = current_routing(settings_of(row), rows)
    if changes:
        receive(keep_changes(changes, now), routing, now)
        publish_on_commit(AlertsChanged(len(changes)))
    for _ in range(_FLUSHES):
        if flush_due(routing, now) < BATCH:
            break
    return _Found(len(known), failed, len(changes))


def _evaluated(known: Sequence[tuple[AlertRule, Rule]], history: History, now: float) -> list[Change]:
    """Every rule at one moment; the new states are kept."""
    before = instances_of([row for row, _ in known])
    by_name = {rule.name: before.get(row.pk, {}) for row, rule in known}
    found = evaluate_all([rule for _, rule in known], history, now, by_name, watch=_watch)
    keep_instances((row.pk, by_name[rule.name], found[rule.name].instances) for row, rule in known)
    return [change for row, rule in known for change in _changes(row, rule, by_name[rule.name], found[rule.name])]


def _watch() -> IsLate:
    until = time.monotonic() + RULE_S
    return lambda: time.monotonic() > until


def _changes(row: AlertRule, rule: Rule, before: Mapping[LabelSet, Instance], found: Evaluation) -> list[Change]:
    return [
        Change(row, rule, was, _after(was, found.instances.get(one.labels), one), one)
        for one in found.transitions
        for was in [before.get(one.labels) or new_instance(one.labels, rule, one.at)]
    ]


def _after(was: Instance, now: Instance | None, transition: Transition) -> Instance:
    """A label set that is normal may have been forgotten at once."""
    if now is not None:
        return now
    return was._replace(state=State.NORMAL, since=transition.at, fired_at=None, level_at=None)


def _keep_engine(row: AlertingEngine, found: _Found, took_s: float, interval_s: int) -> None:
    """The next round keeps step with this one, unless that is over already."""
    now = clock.now()
    planned = (row.next_at or now) + timedelta(seconds=interval_s)
    row.next_at = planned if planned > now else now + timedelta(seconds=interval_s)
    row.evaluated_at, row.took_ms = now, took_s * 1_000
    row.rounds, row.rules, row.failed = row.rounds + 1, found.rules, dict(found.failed)
    row.save(update_fields=["next_at", "evaluated_at", "took_ms", "rounds", "rules", "failed"])
