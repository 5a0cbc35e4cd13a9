"""The receiver of docs/webhooks.md, run as it is written there; and what the guide says in figures."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from alerting.engine.webhooks.ladder import FAILING_S_MAX, STEPS_S, WAITING_MAX
from alerting.models import Delivery
from alerting.services.webhooks.replay_events import replay_one
from alerting.services.webhooks.save_endpoint import ENDPOINTS_MAX, create_endpoint
from tests.alerting.webhooks.conftest import work
from tests.factories.trading import funded_alice, live_market

_SPANS = {"s": 1, "min": 60, "h": 3_600}


@pytest.fixture
def guide(project_dir: Path) -> str:
    return (project_dir / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
def port(settings: Any) -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found: int = server.getsockname()[1]
    settings.OUTGOING_ALLOWED_HOSTS = (f"127.0.0.1:{found}",)
    return found


def _started(code: str, port: int, secret: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return process
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the receiver didn't start")


@pytest.mark.django_db
def test_the_receiver_of_the_guide_takes_what_is_ours_once(guide: str, port: int) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 21
    url, alice = f"http://127.0.0.1:{port}/in", funded_alice()
    made = create_endpoint(user_id=alice.pk, url=url, events=["market.opened"])
    other = create_endpoint(user_id=alice.pk, url=url, events=["market.opened"])
    with _started(code, port, made.secret) as process:
        try:
            live_market()
            work()
            told = Delivery.objects.get(channel__endpoint=made.id)
            replay_one(user_id=alice.pk, endpoint_id=made.id, delivery_id=told.pk)
            work()
        finally:
            process.terminate()
        assert process.stdout is not None
        assert process.stdout.read() == "market.opened\n"
    states = dict(Delivery.objects.values_list("channel__endpoint", "status"))
    assert states == {made.id: "delivered", other.id: "waiting"}
    assert Delivery.objects.get(channel__endpoint=other.id).problem == "Answered 401."


def test_the_figures_of_the_guide_are_those_of_the_program(guide: str) -> None:
    row = next(line for line in guide.splitlines() if line.startswith("| after another |"))
    steps = [part.strip().split(" ") for part in row.split("|")[2:-1]]
    assert tuple(int(number) * _SPANS[unit] for number, unit in steps) == STEPS_S
    assert f"**{WAITING_MAX:,}** messages" in guide
    assert (FAILING_S_MAX, ENDPOINTS_MAX) == (3 * 86_400, 10)
