"""A webhook of one's own is told what is wanted, signed, and what it answers counts."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from common.sealing import seal
from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.services._actuators import Errand, act
from monitoring.scaling.types import WEBHOOK_SEAL

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver(HTTPServer):
    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as made:
        settings.OUTGOING_ALLOWED_HOSTS = (made.address,)
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def errand(receiver: Receiver, *, key: str = KEY, count: int = 3) -> Errand:
    target = ScalingTarget(
        name="web",
        actuator=Actuator.WEBHOOK,
        webhook_url=f"http://{receiver.address}/scale?token=a",
        webhook_sealed=seal(key, purpose=WEBHOOK_SEAL) if key else "",
    )
    return Errand(target, 2, count, "cpu_usage 91 is above 80", NOW)


def test_it_is_told_signed_and_once_by_its_id(receiver: Receiver) -> None:
    assert act(errand(receiver)) is True
    assert act(errand(receiver)) is True
    (headers, body), (again, _) = receiver.heard
    assert json.loads(body) == {
        "type": "scaling.wanted",
        "target": "web",
        "before": 2,
        "count": 3,
        "reason": "cpu_usage 91 is above 80",
        "at": "2026-05-04T12:00:00.000Z",
    }
    with time_machine.travel(NOW, tick=False):
        Webhook(KEY).verify(body, headers)
    assert headers["webhook-id"] == again["webhook-id"] == "scaling_web_1777896000_3"


def test_without_a_key_nothing_is_signed(receiver: Receiver) -> None:
    act(errand(receiver, key=""))
    assert "webhook-signature" not in receiver.heard[0][0]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_another_answer_than_success_is_a_failure(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(ActuatorFailed, match=f"The webhook answered {status}"):
        act(errand(receiver))


def test_an_inward_address_is_not_asked(receiver: Receiver, settings: Any) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ()
    with pytest.raises(ActuatorFailed, match="The webhook can't be told"):
        act(errand(receiver))
    assert receiver.heard == []
