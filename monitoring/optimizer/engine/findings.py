"""All rules over one snapshot.

Contract   Pure; the most pressing finding first, at most ``EACH_MAX`` of a rule, so that one doesn't bury others.
"""

from collections import Counter
from typing import Final

from monitoring.optimizer.engine.limits import LIMITS, Limits
from monitoring.optimizer.engine.rules import caches, database, indexes, machine
from monitoring.optimizer.types import Finding, Snapshot

EACH_MAX: Final = 5
RULES: Final = (*caches.RULES, *indexes.RULES, *database.RULES, *machine.RULES)


def findings(snapshot: Snapshot, limits: Limits = LIMITS) -> list[Finding]:
    """What is worth doing or saying."""
    found = sorted((one for rule in RULES for one in rule(snapshot, limits)), key=lambda one: -one.priority)
    counts: Counter[str] = Counter()
    kept = []
    for finding in found:
        counts[finding.rule] += 1
        if counts[finding.rule] <= EACH_MAX:
            kept.append(finding)
    return kept
