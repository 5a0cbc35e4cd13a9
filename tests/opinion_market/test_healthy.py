"""What tells a container engine whether the program of a container is well."""

import http.server
import threading
import urllib.error
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Answer(http.server.BaseHTTPRequestHandler):
    """200 to /health under the site's first name, 503 to all else."""

    def do_GET(self) -> None:
        is_asked = (self.path, self.headers["Host"]) == ("/health", "market.example.org")
        self.send_response(200 if is_asked else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join(60)


@pytest.fixture
def healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """With a first process of its own."""
    spec = spec_from_file_location("healthy", ROOT / "deploy/image/healthy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "Path", lambda _: tmp_path / "cmdline")
    return module


def test_a_web_server_is_asked_under_the_name_of_the_site(
    healthy: ModuleType, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cmdline").write_bytes(b"python\0-m\0opinion_market.granian_server\0")
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("ALLOWED_HOSTS", "market.example.org,localhost")
    assert healthy.main() == 0
    monkeypatch.setenv("ALLOWED_HOSTS", "localhost")
    with pytest.raises(urllib.error.HTTPError) as refused:
        healthy.main()
    refused.value.close()


def test_of_other_programs_that_they_run_is_enough(healthy: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "cmdline").write_bytes(b"python\0manage.py\0run\0worker\0")
    assert healthy.main() == 0
