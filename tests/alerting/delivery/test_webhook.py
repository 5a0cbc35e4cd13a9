"""Signatures as the reference library of Standard Webhooks verifies them."""

import base64
import json

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from alerting.models import Channel
from alerting.services.deliver import deliver_channel
from alerting.services.save_channel import create_channel, update_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import answering

pytestmark = pytest.mark.django_db
OLD = "whsec_" + base64.b64encode(b"o" * 32).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()


def _headers(request: bytes) -> dict[str, str]:
    head = request.partition(b"\r\n\r\n")[0].decode()
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def test_the_reference_library_verifies_it(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url(), "secrets": [OLD]})
    queue(channel, "k7", thread="incident:3", content={"facts": (("Host", "web-1"),), "type": "alert.firing"})
    deliver_channel(channel_id=channel.pk)
    (request,) = server.requests
    body = request.partition(b"\r\n\r\n")[2]
    assert Webhook(OLD).verify(body, _headers(request)) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body + b" ", _headers(request))
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, _headers(request))
    document = json.loads(body)
    assert _headers(request)["webhook-id"] == "msg_k7"
    assert (document["type"], document["data"]["title"], document["data"]["thread"]) == (
        "alert.firing",
        "CPU",
        "incident:3",
    )
    assert document["data"]["facts"] == [["Host", "web-1"]]


def test_both_secrets_sign_while_one_is_being_changed(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url(), "secrets": [OLD]})
    update_channel(actor_id=None, channel_id=channel.pk, config={"secrets": [NEW, OLD]})
    queue(channel)
    deliver_channel(channel_id=channel.pk)
    body = server.requests[0].partition(b"\r\n\r\n")[2]
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(body, _headers(server.requests[0]))


def test_a_secret_is_made_shown_once_and_sealed(serve: Serve, queue: Queue) -> None:
    server = serve(answering())
    made = create_channel(actor_id=None, name="hook", kind="webhook", config={"url": server.url("/in?token=abc")})
    channel = Channel.objects.get(pk=made.row.id)
    queue(channel)
    deliver_channel(channel_id=channel.pk)
    assert Webhook(made.secret).verify(server.requests[0].partition(b"\r\n\r\n")[2], _headers(server.requests[0]))
    stored = f"{channel.sealed} {channel.shown}"
    assert made.secret not in stored
    assert "token=abc" not in stored
    assert channel.shown["secrets"] == "••••••"
    assert channel.shown["url"] == f"http://127.0.0.1:{server.port}/••••••"
