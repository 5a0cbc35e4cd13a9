"""The product as `make up` runs it, and a real Prometheus that scrapes it with the rules of deploy/."""

import gzip
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
#: Much longer than it takes: whoever else uses the machine may leave little of it.
START_S = 400.0
#: What this suite chooses itself; everything else a developer's shell may have set is not for this product.
_UNSET = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "METRICS_TOKEN", "METRICS_NETWORKS")
#: The alert that is made to fire here.
AT_ONCE = "OpinionMarketRoleMissing"
_KEY_OF_AN_OPERATOR = """
from accounts.services.create_api_key import create_api_key
from accounts.services.create_user import create_user
from accounts.types import Role
user = create_user(handle="olga", email="olga@example.org", password=None, roles=(Role.OPERATOR,))
print(create_api_key(user_id=user.pk, name="alertmanager", scopes=["read", "operate"]).secret)
"""
Found = TypeVar("Found")


def wait_for(found: Callable[[], Found | None], what: str, seconds: float = 30.0) -> Found:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(0.2)
    pytest.fail(f"{what} did not come within {seconds:.0f} s")


def text_of(url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def tool(name: str) -> str:
    """A missing program is a failure, not a skip: this suite is only run where it is due."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing. Debian: apt install prometheus prometheus-alertmanager")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Collector:
    """Takes OTLP over HTTP as any collector of OpenTelemetry does, and keeps the spans, each with its resource."""

    def __init__(self) -> None:
        self.spans: list[tuple[dict[str, Any], Any]] = []
        spans = self.spans
        # Of the optional extra, which only this door installs.
        told = import_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                found = told.ExportTraceServiceRequest.FromString(body)
                assert self.path == "/v1/traces", self.path
                for of_process in found.resource_spans:
                    resource = values_of(of_process.resource.attributes)
                    spans.extend((resource, span) for scope in of_process.scope_spans for span in scope.spans)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(told.ExportTraceServiceResponse().SerializeToString())

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def of_trace(self, trace_id: str) -> list[Any]:
        return [span for _, span in list(self.spans) if span.trace_id.hex() == trace_id]

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(30)
        self._server.server_close()


def values_of(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


class Product:
    def __init__(self, directory: Path, collector: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {key: value for key, value in os.environ.items() if key not in _UNSET}
        environment |= {"DATA_DIR": str(directory), "PORT": str(self.port), "DEMO": "false", "WEB_PROCESSES": "2"}
        environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        self._environment = environment
        self._directory = directory
        self._log = (directory / "up.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=DEPLOY.parent, env=environment, stdout=self._log, stderr=self._log
        )

    def wait(self) -> None:
        deadline = time.monotonic() + START_S
        while text_of(f"{self.url}/ready") is None:
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the product did not start:\n{self._told()}")
            time.sleep(0.2)

    def _told(self) -> str:
        logs = [self._directory / "up.log", self._directory / "run" / "web.log"]
        return "\n".join(path.read_text()[-4_000:] for path in logs if path.exists())

    def run(self, code: str) -> str:
        """What the code prints, run beside the product on its database."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=DEPLOY.parent, env=self._environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1]

    def command(self, text: str) -> None:
        """What a guide says, beside the product, on its database; a failure of any line is one of the test."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {key: value for key, value in self._environment.items() if not key.startswith(("MAKE", "PYTEST"))}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=DEPLOY.parent, env=environment | {"PATH": path},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def log(self, name: str) -> str:
        return (self._directory / "logs" / name).read_text()

    def pid_of(self, program: str) -> int:
        return int((self._directory / "run" / f"{program}.pid").read_text().split()[0])

    def ask(self, path: str, key: str) -> Any:
        asked = urllib.request.Request(f"{self.url}/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)

    def get(self, path: str) -> int:
        """The status of one request over a connection of its own, so that any web process may answer."""
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return int(answer.status)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._log.close()


class Alertmanager:
    """With the route that is shipped, each second, into the product on ``target``."""

    def __init__(self, directory: Path, target: int, key: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        secret, config = directory / "key", directory / "alertmanager.yml"
        secret.write_text(key)
        given: dict[str, Any] = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager.yml").read_text())
        given["route"] |= {"group_wait": "0s", "group_interval": "1s"}
        (hook,) = given["receivers"][0]["webhook_configs"]
        hook["url"] = hook["url"].replace("web:8000", f"127.0.0.1:{target}")
        hook["http_config"]["authorization"]["credentials_file"] = str(secret)
        config.write_text(yaml.safe_dump(given))
        self._process = subprocess.Popen(
            [
                tool("prometheus-alertmanager"), f"--config.file={config}", f"--storage.path={directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address=", "--log.level=warn",
            ]
        )  # fmt: skip

    def wait(self) -> None:
        wait_for(lambda: text_of(f"{self.url}/-/ready"), "Alertmanager", 60)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


class Prometheus:
    def __init__(self, directory: Path, target: int, alertmanager: int) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = directory / "prometheus.yml"
        given = quickened(DEPLOY / "prometheus" / "prometheus.yml", target)
        given["alerting"]["alertmanagers"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{alertmanager}"]}]
        given["rule_files"] = [str(at_once(Path(name), directory, AT_ONCE)) for name in _all(given["rule_files"])]
        config.write_text(yaml.safe_dump(given))
        self._process = subprocess.Popen(
            [
                tool("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ]
        )  # fmt: skip

    def wait(self) -> None:
        wait_for(lambda: text_of(f"{self.url}/-/ready"), "Prometheus")
        wait_for(lambda: self.query('up{job="opinion-market"} == 1') or None, "the first scrape")

    def api(self, path: str, **parameters: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}") as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        result = self.api("query", query=expression)["result"]
        return [(row["metric"], float(row["value"][1])) for row in result]

    def number(self, expression: str) -> float | None:
        rows = self.query(expression)
        assert len(rows) <= 1, rows
        return rows[0][1] if rows else None

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def _all(patterns: list[str]) -> list[str]:
    return [str(found) for each in patterns for found in sorted(Path(each).parent.glob(Path(each).name))]


def at_once(path: Path, directory: Path, name: str) -> Path:
    """A file of rules in which the alert ``name`` waits for nothing."""
    rules: dict[str, Any] = yaml.safe_load(path.read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == name:
                rule["for"] = "0s"
    copy = directory / path.name
    copy.write_text(yaml.safe_dump(rules))
    return copy


def quickened(path: Path, target: int) -> dict[str, Any]:
    """The configuration that is shipped, with another target, each second."""
    config: dict[str, Any] = yaml.safe_load(path.read_text())
    config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(path.parent / name) for name in config["rule_files"]]
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{target}"]}]
    return config


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    running = Collector()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def product(collector: Collector) -> Iterator[Product]:
    # Where the account of the embedded servers may look as well.
    with tempfile.TemporaryDirectory(prefix="om-prometheus-", dir="/var/tmp", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        running = Product(Path(directory), collector.url)
        try:
            running.wait()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def operator_key(product: Product) -> str:
    return product.run(_KEY_OF_AN_OPERATOR)


@pytest.fixture(scope="session")
def alertmanager(
    product: Product, operator_key: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Alertmanager]:
    running = Alertmanager(tmp_path_factory.mktemp("alertmanager"), product.port, operator_key)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def prometheus(
    product: Product, alertmanager: Alertmanager, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    running = Prometheus(tmp_path_factory.mktemp("prometheus"), product.port, alertmanager.port)
    try:
        running.wait()
        yield running
    finally:
        running.stop()
