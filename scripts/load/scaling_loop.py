"""Shows scaling once, from end to end, on a product that ``make up`` runs: load, another process, relief, drain.

    DATA_DIR=/tmp/loop PORT=8160 WEB_PROCESSES=1 MAX_WORKERS=2 make up        # in another terminal
    DATA_DIR=/tmp/loop PORT=8160 .venv/bin/python -m scripts.load.scaling_loop load     # 54 s of Locust
    DATA_DIR=/tmp/loop PORT=8160 .venv/bin/python -m scripts.load.scaling_loop report   # waits for the drain, tells

What it tells was measured by the product itself: its decisions and its stored samples.
"""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from accounts.models import User  # noqa: E402
from common import clock  # noqa: E402
from monitoring.scaling.models import Actuator, Outcome, ScalingDecision, ScalingPolicy, ScalingTarget  # noqa: E402
from monitoring.scaling.services.save_policy import PolicySpec, save_policy  # noqa: E402
from monitoring.scaling.services.switch_scaling import switch_scaling  # noqa: E402
from monitoring.selectors.history import history  # noqa: E402
from monitoring.types import SeriesKey  # noqa: E402

LOCUST: Final = Path(__file__).with_name("readers.py")
LOAD_S: Final = 54
USERS: Final = 24
#: The window inwards of five minutes, and some rounds.
DRAIN: Final = timedelta(minutes=8)


def prepare() -> None:
    """One policy that counts: requests a second of each process. Other programs of this machine don't."""
    dave = User.objects.get(username="dave")
    ScalingPolicy.objects.filter(target__name="web").delete()
    spec = PolicySpec("throughput", "throughput", 30, 10, low=1, high=2, cooldown_s=30, is_shared=True)
    save_policy(actor_id=dave.pk, spec=spec)
    ScalingTarget.objects.filter(name="web").update(actuator=Actuator.LOCAL, memory={})
    switch_scaling(actor_id=dave.pk, is_on=True)


def load() -> None:
    prepare()
    host = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    command = [sys.executable, "-m", "locust", "-f", str(LOCUST), "--headless", "--only-summary", "--host", host]
    subprocess.run([*command, "-u", str(USERS), "-r", str(USERS), "-t", f"{LOAD_S}s"], check=False)


def report() -> None:
    """Wait until the added process is gone, then tell what was decided and measured, ten seconds a line."""
    first = ScalingDecision.objects.filter(target__name="web", outcome=Outcome.APPLIED, count=2).latest("at")
    changes = ScalingDecision.objects.filter(target__name="web", at__gte=first.at).exclude(outcome=Outcome.KEPT)
    until = clock.now() + DRAIN
    while clock.now() < until and not changes.filter(outcome=Outcome.APPLIED, count=1).exists():
        time.sleep(5)
    # What was decided last has to happen and to be stored yet.
    time.sleep(40)
    for one in changes.order_by("at"):
        print(f"{one.at:%H:%M:%S}  {one.before} -> {one.count}  {one.outcome}: {one.reason} (effect {one.effect})")
    tell(first.at - timedelta(seconds=60), clock.now())


def tell(start: datetime, end: datetime) -> None:
    names = ("throughput", "response_time", "response_time_p95", "cpu_usage")
    found = history(series=[SeriesKey(name) for name in names], start=start, end=end, step_s=10)
    counts = ScalingDecision.objects.filter(target__name="web", at__gte=start).order_by("at")
    known = list(counts.values_list("at", "before"))
    print(f"{'':8}{'processes':>10}" + "".join(f"{name:>20}" for name in names))
    for place, at in enumerate(found.times):
        processes = next((before for moment, before in reversed(known) if moment.timestamp() <= at + 10), None)
        cells = [line.values[place] for line in found.lines]
        shown = "".join("-".rjust(20) if value is None else f"{value:20.1f}" for value in cells)
        print(f"{datetime.fromtimestamp(at, clock.now().tzinfo):%H:%M:%S}{processes or '-':>10}{shown}")


if __name__ == "__main__":
    {"load": load, "report": report}[sys.argv[1]]()
