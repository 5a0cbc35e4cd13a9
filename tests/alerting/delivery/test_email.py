"""Letters that a real SMTP server receives."""

import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from alerting.models import Delivery, DeliveryStatus
from alerting.services.deliver import deliver_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue

pytestmark = pytest.mark.django_db


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        if to in self.refused:
            return "550 No such person"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.answer.startswith("250"):
            found = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
            assert isinstance(found, EmailMessage)
            self.letters.append(found)
        return self.answer


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"right")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=_knows, auth_require_tls=False, ready_timeout=10
    )
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def _config(port: int, **more: Any) -> dict[str, Any]:
    return {"recipients": ["ops@example.org"], "server": "127.0.0.1", "port": port, "security": "none", **more}


def test_a_letter_has_text_html_and_a_thread(
    mailbox: tuple[Mailbox, int], make_channel: MakeChannel, queue: Queue
) -> None:
    box, port = mailbox
    channel = make_channel("ops", "email", _config(port, username="user", password="right"))
    content = {"alert_id": "5", "url": "https://example.org/i/1", "facts": (("Host", "<web-1>"),)}
    queue(channel, "a", "CPU\nis high", thread="g", content=content)
    queue(channel, "b", "CPU", thread="g", content={"is_resolved": True})
    while deliver_channel(channel_id=channel.pk):
        pass
    first, second = box.letters
    assert (first["Subject"], second["Subject"]) == ("[Critical] CPU is high", "[Resolved] CPU")
    assert first["To"] == "ops@example.org"
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert first["References"] is None
    text, html = (first.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "cpu_usage is 97" in text
    assert "Acknowledge: http" in text
    assert "Host: <web-1>" in text
    assert "&lt;web-1&gt;" in html
    assert "/alerts/acknowledge/" in html
    assert "Acknowledge" not in second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_repetition_has_the_same_id(mailbox: tuple[Mailbox, int], make_channel: MakeChannel, queue: Queue) -> None:
    box, port = mailbox
    row = queue(channel := make_channel("ops", "email", _config(port)), "same")
    deliver_channel(channel_id=channel.pk)
    Delivery.objects.filter(pk=row.pk).update(status=DeliveryStatus.WAITING, due_at=row.due_at)
    deliver_channel(channel_id=channel.pk)
    assert [letter["Message-ID"] for letter in box.letters] == [box.letters[0]["Message-ID"]] * 2


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        ("451 Later", DeliveryStatus.WAITING, "The mail server answered 451."),
        ("554 Never", DeliveryStatus.DEAD, "The mail server answered 554."),
    ],
)
def test_what_the_server_says_decides(
    answer: str, status: str, problem: str, mailbox: tuple[Mailbox, int], make_channel: MakeChannel, queue: Queue
) -> None:
    box, port = mailbox
    box.answer = answer
    queue(channel := make_channel("ops", "email", _config(port)))
    deliver_channel(channel_id=channel.pk)
    assert (Delivery.objects.get().status, Delivery.objects.get().problem) == (status, problem)


def test_nobody_there_and_nobody_let_in(mailbox: tuple[Mailbox, int], make_channel: MakeChannel, queue: Queue) -> None:
    box, port = mailbox
    box.refused = {"ops@example.org"}
    queue(refused := make_channel("refused", "email", _config(port)), "a")
    queue(wrong := make_channel("wrong", "email", _config(port, username="user", password="wrong")), "b")
    queue(dead := make_channel("dead", "email", _config(9)), "c")
    for channel in (refused, wrong, dead):
        deliver_channel(channel_id=channel.pk)
    found = {row.key: (row.status, row.problem) for row in Delivery.objects.all()}
    assert found == {
        "a": (DeliveryStatus.DEAD, "Every recipient was refused."),
        "b": (DeliveryStatus.DEAD, "The mail server refused user name and password."),
        "c": (DeliveryStatus.WAITING, "The mail server can't be reached: ConnectionRefusedError."),
    }
