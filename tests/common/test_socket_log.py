"""A socket's ids and lines, around applications that do one thing each."""

import logging
from typing import Any

import pytest

from common.request_context import current
from common.socket_log import Message, Receive, Send, SocketLog

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = [(b"x-request-id", b"caller-0001"), (b"traceparent", f"00-{TRACE}-{SPAN}-01".encode())]


async def _accept(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept", "headers": [(b"x-own", b"1")]})
    await send({"type": "websocket.send", "text": current.get().request_id})  # type: ignore[union-attr]
    await receive()


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 4401})


async def _break(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    raise RuntimeError("broken")


async def _run(application: Any, caplog: pytest.LogCaptureFixture) -> tuple[list[Message], list[dict[str, Any]]]:
    sent: list[Message] = []
    waiting = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/ws/v1/stream", "query_string": b"token=canary", "headers": HEADERS}
    with caplog.at_level(logging.INFO, "socket"):
        try:
            await SocketLog(application)(scope, receive, send)
        finally:
            assert current.get() is None
    return sent, [vars(record) for record in caplog.records if record.name == "socket"]


async def test_a_socket_answers_with_its_ids_and_has_a_line_at_each_end(caplog: pytest.LogCaptureFixture) -> None:
    sent, lines = await _run(_accept, caplog)
    headers = dict(sent[0]["headers"])
    assert (headers[b"x-own"], headers[b"x-request-id"]) == (b"1", b"caller-0001")
    assert headers[b"traceparent"].startswith(f"00-{TRACE}-".encode())
    assert sent[1] == {"type": "websocket.send", "text": "caller-0001"}
    assert [line["msg"] for line in lines] == ["socket_opened", "socket_closed"]
    assert (lines[1]["path"], lines[1]["code"], lines[1]["user_id"]) == ("/ws/v1/stream", 1001, None)
    assert lines[1]["seconds"] >= 0


async def test_a_refused_socket_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    _, lines = await _run(_refuse, caplog)
    assert [(line["msg"], line["code"]) for line in lines] == [("socket_refused", 4401)]


async def test_a_socket_that_breaks_has_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RuntimeError, match="broken"):
        await _run(_break, caplog)
    ends = [(record.message, vars(record)["code"]) for record in caplog.records if record.message != "socket_opened"]
    assert ends == [("socket_closed", 1006)]
