"""A gateway as Twilio's: numbers, keys, what is told once, and how little is sent."""

import base64
import json
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine

from alerting.engine.channels.throttle import SMS_LIMITS, next_allowed_at
from alerting.models import Delivery, DeliveryStatus
from alerting.services._leasing import lease_next
from alerting.services.deliver import deliver_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import Behaviour, Receiver, read_request

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIRST, SECOND = "+351900000001", "+351900000002"


def gateway(refused: set[str]) -> Behaviour:
    def behave(connection: socket.socket, found: Receiver) -> None:
        to = _form(read_request(connection, found))["To"]
        status = b"503 Away" if to in refused else b"201 Created"
        body = json.dumps({"sid": "SM1", "status": "queued"}).encode()
        connection.sendall(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)

    return behave


def _form(request: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.partition(b"\r\n\r\n")[2].decode()).items()}


def _config(url: str) -> dict[str, object]:
    return {"account": "AC1", "token": "t", "sender": "+15550000000", "recipients": [FIRST, SECOND], "api_url": url}


def test_speaks_as_twilio_does(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(gateway(set()))
    queue(channel := make_channel("phone", "sms", _config(server.url().rstrip("/"))))
    deliver_channel(channel_id=channel.pk)
    request = server.requests[0]
    assert request.startswith(b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n")
    assert b"Authorization: Basic " + base64.b64encode(b"AC1:t") in request
    assert _form(request) == {"To": FIRST, "From": "+15550000000", "Body": "CPU\ncpu_usage is 97"}
    assert [_form(one)["To"] for one in server.requests] == [FIRST, SECOND]


def test_each_number_is_told_once_although_another_one_fails(
    serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    refused = {FIRST}
    server = serve(gateway(refused))
    channel = make_channel("phone", "sms", _config(server.url().rstrip("/")))
    with time_machine.travel(T0, tick=False) as now:
        row = queue(channel)
        deliver_channel(channel_id=channel.pk)
        row.refresh_from_db()
        assert (row.status, row.progress) == (DeliveryStatus.WAITING, [SECOND])
        refused.clear()
        now.shift(1)
        deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.status == DeliveryStatus.DELIVERED
    assert [_form(one)["To"] for one in server.requests] == [FIRST, SECOND, FIRST]
    keys = [one.split(b"Idempotency-Key: ")[1][:32] for one in server.requests]
    assert keys[0] == keys[2] != keys[1]


def test_what_may_not_go_yet_goes_as_one(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(gateway(set()))
    channel = make_channel("phone", "sms", _config(server.url().rstrip("/")) | {"recipients": [FIRST]})
    with time_machine.travel(T0, tick=False) as now:
        queue(channel, "a", "first")
        assert deliver_channel(channel_id=channel.pk) == 1
        for number in range(3):
            queue(channel, f"b{number}", f"later {number}")
        assert deliver_channel(channel_id=channel.pk) == 0
        now.shift(60)
        assert deliver_channel(channel_id=channel.pk) == 1
    assert [_form(one)["Body"].split("\n")[0] for one in server.requests] == ["first", "3 messages: later 0"]
    assert Delivery.objects.filter(status=DeliveryStatus.DELIVERED).count() == 4


def test_a_bundle_stays_the_same_after_its_worker_died(make_channel: MakeChannel, queue: Queue) -> None:
    channel = make_channel("phone", "sms", _config("https://gateway.example.org"))
    with time_machine.travel(T0, tick=False) as now:
        queue(channel, "a")
        queue(channel, "b")
        lost = lease_next(channel.pk)
        assert lost is not None
        now.move_to(Delivery.objects.get(key="a").due_at + timedelta(seconds=1))
        queue(channel, "c")
        again = lease_next(channel.pk)
    assert again is not None
    assert [row.key for row in lost.rows] == [row.key for row in again.rows] == ["a", "b"]


@pytest.mark.parametrize(
    ("ages_s", "wait_s"),
    [([], 0), ([59], 1), ([60], 0), ([100, 200, 300, 400, 500], 400), ([100, 200, 300, 400, 900], 0)],
)
def test_limits_hold_together(ages_s: list[int], wait_s: int) -> None:
    assert next_allowed_at(SMS_LIMITS, [10_000.0 - age for age in ages_s], 10_000.0) == 10_000.0 + wait_s


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("", "Resolved: CPU high at 97\nThe condition has not held for 5 min."),
        ("de", "Behoben: CPU hoch bei 97\nDie Bedingung gilt seit 5 min. nicht mehr"),
    ],
)
def test_a_channel_speaks_its_language(
    serve: Serve, make_channel: MakeChannel, queue: Queue, language: str, body: str
) -> None:
    server = serve(gateway(set()))
    config = {**_config(server.url().rstrip("/")), "language": language}
    content = {"text": "The condition has not held for 5 min.", "is_resolved": True}
    queue(channel := make_channel("phone", "sms", config), title="CPU high at 97", content=content)
    deliver_channel(channel_id=channel.pk)
    assert _form(server.requests[0])["Body"] == body
