"""What a process of the site reads while the replica follows, stands still, and is away.

``python -m scripts.scaleout.reading`` runs inside Django with the site's environment; prints a JSON object of what it
saw, ``mistakes`` among it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from django.conf import settings  # noqa: E402  Django has to be set up first
from django.db import DatabaseError  # noqa: E402

from common.replica import gate, read_rows, replica_state  # noqa: E402
from trading.models import Order  # noqa: E402

PATIENCE_S: Final = 600.0
_IS_REPLICA: Final = "SELECT pg_is_in_recovery()"
_ORDERS: Final = "SELECT coalesce(max(id), 0) FROM trading_order"


class Watch:
    def __init__(self) -> None:
        self.seen: dict[str, Any] = {"mistakes": []}

    def expect(self, is_so: bool, mistake: str) -> None:
        if not is_so:
            self.seen["mistakes"].append(mistake)

    def wait(self, is_so: Callable[[], bool], what: str) -> float:
        """Seconds until it is so; one more mistake when it never is."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() > began + PATIENCE_S:
                self.seen["mistakes"].append(f"{what}: never")
                break
            time.sleep(0.1)
        return round(time.monotonic() - began, 1)


def is_from_replica() -> bool:
    return bool(read_rows(_IS_REPLICA, {})[0][0])


def newest_figure() -> int:
    """As a figure would see it."""
    return int(read_rows(_ORDERS, {})[0][0])


def newest_order() -> int:
    """As trading sees it."""
    return int(Order.objects.order_by("-pk").values_list("pk", flat=True)[0])


def follow_and_stand_still(watch: Watch, standby_url: str) -> None:
    watch.wait(is_from_replica, "figures come from the replica")
    watch.seen["replica behind by s"] = round(gate.lag_s or 0.0, 2)
    try:
        read_rows("DELETE FROM trading_order", {})
        watch.expect(False, "the replica's session could write")
    except DatabaseError as refusal:
        watch.expect("read-only" in str(refusal), f"refused for another reason: {refusal}")
    with psycopg.connect(standby_url, autocommit=True) as standby:
        standby.execute("SELECT pg_wal_replay_pause()")
        try:
            still = newest_figure()
            watch.wait(lambda: newest_order() > still, "trading sees orders that the replica doesn't have")
            stale = newest_figure()
            watch.expect(stale < newest_order(), "trading read the replica")
            watch.seen["orders that only the database had"] = newest_order() - stale
            watch.seen["database answers figures after s"] = watch.wait(lambda: not is_from_replica(), "fall back")
            watch.expect(newest_figure() > still, "a figure was older than allowed")
            watch.seen["told meanwhile"] = replica_state()
        finally:
            standby.execute("SELECT pg_wal_replay_resume()")
    watch.seen["replica answers again after s"] = watch.wait(is_from_replica, "figures come from the replica again")


def away(watch: Watch) -> None:
    began = time.monotonic()
    watch.expect(not is_from_replica(), "a replica that is away has answered")
    watch.seen["figure without a replica took s"] = round(time.monotonic() - began, 2)
    watch.expect(replica_state() == "away", f"a replica that is away is told as {replica_state()}")


def main() -> None:
    watch = Watch()
    if sys.argv[1] == "away":
        away(watch)
    else:
        watch.seen["replica may be behind by s"] = settings.REPLICA_LAG_MAX_S
        follow_and_stand_still(watch, sys.argv[1])
    print(json.dumps(watch.seen))


if __name__ == "__main__":
    main()
