"""Kill what evaluates, tells and sends alerts at every step, and count what arrived; see `benchmarks.alert_kills`.

Rounds     A child that does the rounds of alerting, as ``benchmarks.alert_rounds`` has it.
Senders    Children that lease, send and record as the worker does.
Steps      Each child kills itself, with SIGKILL, at one of ``STEPS``, once in a while.
Receiver   A server in a process of its own that notes the key of everything that it is sent, and says yes.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from alerting.models import Alert, Channel, Delivery, DeliveryAttempt, DeliveryStatus, EntryKind, TimelineEntry
from alerting.services import _leasing, deliver
from alerting.services.save_channel import create_channel
from benchmarks import alert_rounds
from benchmarks.alert_rounds import CHANNELS, hook

SENDERS: Final = 3
TIMEOUT_S: Final = 3.0
#: A sender that has had nothing to do for so long gives up, and the messages count as undelivered.
PATIENCE_S: Final = 300.0
#: Where a child dies, and whether a message that was under way may arrive twice because of it.
STEPS: Final = {
    **dict.fromkeys(alert_rounds.STEPS, False),
    "leasing, before the commit": False,
    "leased, before sending": False,
    "sent, before it is recorded": True,
    "recording, before the commit": True,
    "recorded": False,
}
_HARMFUL: Final = tuple(step for step, may_repeat in STEPS.items() if may_repeat)


class Death:
    """Decides, step by step, whether this process ends here and now."""

    def __init__(self, seed: int, share: float, file: Path) -> None:
        self._chance, self._share, self._file = random.Random(seed), share, file

    def at(self, step: str, *, weight: float = 1.0) -> None:
        """``weight`` is for steps that many alerts take at once."""
        assert step in STEPS
        if self._chance.random() < self._share * weight:
            with self._file.open("a") as lines:
                lines.write(f"{step}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def kill_all(*, messages: int, share: float, seed: int, home: str) -> dict[str, Any]:
    """``share`` of the steps end in death. ``lost`` and ``wrong`` are 0 and empty when everything held."""
    call_command("migrate", verbosity=0, interactive=False)
    place = Path(home)
    place.mkdir(parents=True, exist_ok=True)
    receiver, port = _receive(place / "received")
    settings.OUTGOING_ALLOWED_HOSTS = (f"127.0.0.1:{port}",)
    _prepare(port)
    began = time.monotonic()
    deaths = _run(messages, share, seed, place / "deaths")
    os.kill(receiver, signal.SIGKILL)
    os.waitpid(receiver, 0)
    return _report(messages, deaths, place, time.monotonic() - began)


def _prepare(port: int) -> None:
    Channel.objects.update(is_enabled=False)
    for number in range(CHANNELS):
        config = {"url": f"http://127.0.0.1:{port}/"}
        create_channel(
            actor_id=None, name=hook(number), kind="webhook", config=config, timeout_s=TIMEOUT_S, retry_attempts=20
        )
    alert_rounds.prepare()


def _run(messages: int, share: float, seed: int, file: Path) -> int:
    senders: list[Callable[[Death], None]] = [lambda death: _send(messages, death)] * SENDERS
    bodies = [lambda death: alert_rounds.do_rounds(messages, death.at), *senders]
    children = {_fork(body, Death(seed + number, share, file)): body for number, body in enumerate(bodies)}
    deaths = 0
    while children:
        pid, status = os.waitpid(-1, 0)
        body = children.pop(pid, None)
        if body is None:
            continue
        if os.WIFSIGNALED(status):
            deaths += 1
            children[_fork(body, Death(seed + 1_000 + deaths, share, file))] = body
    return deaths


def _fork(body: Callable[[Death], None], death: Death) -> int:
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        body(death)
        os._exit(0)
    return pid


def _send(messages: int, death: Death) -> None:
    """As the worker does, until nothing is left."""
    real_mark, real_end, sender = _leasing._mark, deliver.end, deliver.SENDERS["webhook"]

    def mark(*args: Any) -> None:
        real_mark(*args)
        death.at("leasing, before the commit")

    def send(outgoing: Any) -> Any:
        death.at("leased, before sending")
        answer = sender(outgoing)
        death.at("sent, before it is recorded")
        return answer

    def end(*args: Any) -> int:
        count = real_end(*args)
        death.at("recording, before the commit")
        return count

    senders = {"webhook": send}
    with (
        patch.object(_leasing, "_mark", mark),
        patch.object(deliver, "end", end),
        patch.object(deliver, "SENDERS", senders),
    ):
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < PATIENCE_S:
            if not _step(death):
                if _is_done(messages):
                    return
                time.sleep(0.05)
            else:
                idle_since = time.monotonic()


def _step(death: Death) -> int:
    found = _leasing.due_channels()
    random.shuffle(found)
    done = sum(deliver.deliver_channel(channel_id=channel_id, budget_s=0.2) for channel_id in found)
    if done:
        death.at("recorded")
    return done


def _is_done(messages: int) -> bool:
    if Delivery.objects.filter(status=DeliveryStatus.WAITING).exists():
        return False
    return Delivery.objects.count() >= messages


def _receive(file: Path) -> tuple[int, int]:
    """A receiver in a process of its own: its process and port."""
    lines = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            os.write(lines, f"{self.headers['webhook-id']}\n".encode())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pid = _fork(lambda death: server.serve_forever(), Death(0, 0.0, file))
    port = int(server.server_address[1])
    server.socket.close()
    return pid, port


def _report(messages: int, deaths: int, place: Path, seconds: float) -> dict[str, Any]:
    received = Counter((place / "received").read_text().split())
    died = Counter((place / "deaths").read_text().splitlines()) if (place / "deaths").exists() else Counter()
    repeated = sum(count - 1 for count in received.values())
    return {
        "messages": messages,
        "alerts": Alert.objects.count(),
        "transitions": TimelineEntry.objects.filter(kind=EntryKind.TRANSITION).count(),
        "queued": Delivery.objects.count(),
        "deaths": deaths,
        "steps": dict(died),
        "steps_without_a_death": sorted(STEPS.keys() - died.keys()),
        "seconds": round(seconds, 1),
        "lost": messages - len(received),
        "undelivered": Delivery.objects.exclude(status=DeliveryStatus.DELIVERED).count(),
        "repeated": repeated,
        "repeated_most": max(received.values(), default=0) - 1,
        "kills_that_may_repeat": sum(died[step] for step in _HARMFUL),
        # On a busy machine the receiver may get a message and answer too late: it is sent again with the same key.
        "unanswered": DeliveryAttempt.objects.filter(is_success=False).count(),
    }


if __name__ == "__main__":
    print(json.dumps(kill_all(**json.loads(sys.argv[2]))), flush=True)
