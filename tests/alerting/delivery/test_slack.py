"""A Slack that answers as Slack does: posts, updates in place, refusals."""

import json
import socket

import pytest

from alerting.engine.channels.content import MessageContent
from alerting.engine.channels.slack_blocks import blocks_of
from alerting.models import Delivery, DeliveryStatus, ThreadMark
from alerting.services._acknowledge_link import read_link
from alerting.services.deliver import deliver_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import Behaviour, Receiver, answering, read_request

pytestmark = pytest.mark.django_db
TOKEN = "xoxb-token"


def slack(error: str = "") -> Behaviour:
    def behave(connection: socket.socket, found: Receiver) -> None:
        read_request(connection, found)
        number = len(found.requests)
        answer = {"ok": False, "error": error} if error else {"ok": True, "ts": f"17.{number}", "channel": "C01"}
        body = json.dumps(answer).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return behave


def _call(request: bytes) -> tuple[str, dict[str, object]]:
    head, _, body = request.partition(b"\r\n\r\n")
    return head.split(b" ")[1].decode(), json.loads(body)


def test_a_thread_is_one_message_that_changes(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(slack())
    channel = make_channel("room", "slack", {"token": TOKEN, "room": "C01", "api_url": server.url("/api")})
    queue(channel, "a", thread="g", content={"alert_id": "5", "url": "https://example.org/x"})
    queue(channel, "b", thread="g", content={"text": "still"})
    queue(channel, "c", thread="g", content={"is_resolved": True})
    queue(channel, "d", thread="g")
    while deliver_channel(channel_id=channel.pk):
        pass
    calls = [_call(request) for request in server.requests]
    assert [path for path, _ in calls] == [
        "/api/chat.postMessage", "/api/chat.update", "/api/chat.update", "/api/chat.postMessage",
    ]  # fmt: skip
    assert b"Authorization: Bearer xoxb-token\r\n" in server.requests[0]
    assert calls[0][1]["metadata"] == {"event_type": "opinion_market_message", "event_payload": {"key": "a"}}
    assert [(call["ts"], call["channel"]) for _, call in calls[1:3]] == [("17.1", "C01")] * 2
    assert ThreadMark.objects.get().reference == "17.4@C01"
    buttons = calls[0][1]["blocks"][-1]["elements"]  # type: ignore[index]
    assert [one["text"]["text"] for one in buttons] == ["Acknowledge", "Open the page"]
    link = read_link(buttons[0]["url"].rsplit("/", 1)[-1])
    assert link == (5, "room")


@pytest.mark.parametrize(
    ("error", "status"), [("channel_not_found", DeliveryStatus.DEAD), ("ratelimited", DeliveryStatus.WAITING)]
)
def test_what_slack_says_is_heard(
    error: str, status: str, serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(slack(error))
    channel = make_channel("room", "slack", {"token": TOKEN, "room": "C01", "api_url": server.url()})
    queue(channel)
    deliver_channel(channel_id=channel.pk)
    assert (Delivery.objects.get().status, Delivery.objects.get().problem) == (status, f"Slack refused: {error}.")


def test_the_hook_of_the_environment_is_used(
    serve: Serve, make_channel: MakeChannel, queue: Queue, settings: object
) -> None:
    server = serve(answering())
    settings.SLACK_WEBHOOK_URL = server.url("/services/T0/B0/secret")  # type: ignore[attr-defined]
    channel = make_channel("slack", "slack", {}, origin="built_in")
    queue(channel, content={"text": "a <!channel> & more"})
    deliver_channel(channel_id=channel.pk)
    path, document = _call(server.requests[0])
    assert path == "/services/T0/B0/secret"
    assert document["text"] == "🔴 CPU"
    assert document["blocks"][1]["text"]["text"] == "a &lt;!channel&gt; &amp; more"  # type: ignore[index]
    assert "secret" not in str(channel.shown)


def test_a_resolved_alert_needs_no_button() -> None:
    content = MessageContent("CPU", is_resolved=True, alert_id="5")
    assert blocks_of(content, "https://example.org/acknowledge", str) == [
        {"type": "header", "text": {"type": "plain_text", "text": "✅ Resolved: CPU", "emoji": True}}
    ]
