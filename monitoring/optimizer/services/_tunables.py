"""The settings in force: a table, and a copy of it in Redis that every process follows.

Contract   The copy is written when the transaction has committed, and again by the clock, so that a Redis that lost it
           has it back within seconds.
"""

from collections.abc import Mapping

import orjson
from django.db import transaction

from common import clock
from common.caching.clients import StoreAwayError, ask
from common.tuning.declared import clamped
from common.tuning.reading import KEY, follow
from monitoring.optimizer.models import Recommendation, Tunable
from monitoring.optimizer.selectors.tuning import tuned_values


def put_tunables(
    values: Mapping[str, float | None], *, actor_id: int | None, recommendation: Recommendation | None = None
) -> dict[str, float | None]:
    """Set each of ``values`` (None: back to the program's own), within its bounds.

    Returns: what was set before
    """
    before = {name: tuned_values().get(name) for name in values}
    now = clock.now()
    for name, value in values.items():
        if value is None:
            Tunable.objects.filter(name=name).delete()
            continue
        Tunable.objects.update_or_create(
            name=name,
            defaults={
                "value": clamped(name, value),
                "changed_at": now,
                "changed_by_id": actor_id,
                "recommendation": recommendation,
            },
        )
    transaction.on_commit(publish_tunables)
    return before


def next_round(name: str) -> float:
    """The number of the next round of ``name``: the time, so that it grows whatever was lost."""
    return float(int(clock.now().timestamp() * 1_000))


def publish_tunables() -> None:
    """Write the copy, and follow it in this process at once."""
    try:
        ask("SET", KEY, orjson.dumps(tuned_values()))
    except StoreAwayError:
        return
    follow()
