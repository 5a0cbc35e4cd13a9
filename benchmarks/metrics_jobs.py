"""What the benchmark of /metrics runs inside Django: the last words of processes that are gone."""

import json
import secrets
import sys
import time
from typing import Any, Final

from django.conf import settings

from common.metrics.keys import key
from common.metrics.registry import Registry
from common.metrics.sketch import Sketch
from common.metrics.totals import total_rows
from monitoring.realtime.publication import Publication, meanings
from monitoring.types import Frame, Role

#: 4 counters and a histogram of 16 rows for each route: 2,000 series with 100 routes.
STATUSES: Final = ("200", "404", "422", "500")
TIMES_S: Final = (0.0008, 0.004, 0.03, 0.2, 3.0)


def push_boots(*, boots: int, routes: int, routes_each: int) -> dict[str, Any]:
    """Each boot counts on some of the routes, publishes one frame with the product's own script, and is gone."""
    publication = Publication(settings.REDIS_URL)
    named = Registry()
    named.counter("bench_requests_total", "Requests of processes that are gone.", ("route", "status"))
    named.sketch("bench_request_seconds", "Their time.", ("route",))
    told = meanings(named.metrics.values())
    began = time.perf_counter()
    for boot in range(boots):
        frame = _frame(boot, [(boot * routes_each + number) % routes for number in range(routes_each)])
        sketches = {text: _sketch() for text in frame.sketches}
        assert publication.publish(frame, total_rows(frame.counters, sketches), told)
    publication.close()
    return {"seconds": time.perf_counter() - began, "counted": boots * routes_each * len(STATUSES)}


def _frame(boot: int, routes: list[int]) -> Frame:
    at = int(time.time())
    return Frame(
        process=f"web-gone-{boot}",
        role=Role.WEB,
        host="gone",
        pid=boot,
        boot=secrets.token_hex(8),
        number=1,
        at=at,
        started_at=float(at - 1),
        seconds=1.0,
        gauges={"process_threads": 8.0},
        counters={
            key("bench_requests_total", {"route": f"/{route}", "status": status}): 1.0
            for route in routes
            for status in STATUSES
        },
        sketches={key("bench_request_seconds", {"route": f"/{route}"}): _sketch().document() for route in routes},
    )


def _sketch() -> Sketch:
    sketch = Sketch()
    for seconds in TIMES_S:
        sketch.record(seconds)
    return sketch


if __name__ == "__main__":
    print(json.dumps({"push_boots": push_boots}[sys.argv[1]](**json.loads(sys.argv[2]))))
