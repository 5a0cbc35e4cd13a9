"""Secrets from files and from a Vault that answers over HTTP."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from opinion_market.settings.env import EnvError
from opinion_market.settings.secrets import SECRET_KEYS, with_secrets


def test_secret_keys_are_those_that_are_hidden() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_PASSWORD", "METRICS_TOKEN"} <= set(SECRET_KEYS)
    assert "ALLOWED_HOSTS" not in SECRET_KEYS


def test_files_by_name_and_by_folder(tmp_path: Path) -> None:
    (tmp_path / "SECRET_KEY").write_text("of the folder\n")
    (tmp_path / "REDIS_URL").write_text("redis://folder/0")
    (tmp_path / "ALLOWED_HOSTS").write_text("evil.example")
    named = tmp_path / "named"
    named.write_text("redis://named/0")
    found = with_secrets({"SECRETS_DIR": str(tmp_path), "REDIS_URL_FILE": str(named), "PORT": "81"})
    assert (found["SECRET_KEY"], found["REDIS_URL"], found["PORT"]) == ("of the folder", "redis://named/0", "81")
    assert "ALLOWED_HOSTS" not in found


def test_the_environment_counts_first_unless_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "SECRET_KEY").write_text("of the folder")
    assert with_secrets({"SECRETS_DIR": str(tmp_path), "SECRET_KEY": "set"})["SECRET_KEY"] == "set"
    assert with_secrets({"SECRETS_DIR": str(tmp_path), "SECRET_KEY": ""})["SECRET_KEY"] == "of the folder"


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(EnvError, match=r"^SECRET_KEY_FILE leads to /nowhere, .* FileNotFoundError\.$"):
        with_secrets({"SECRET_KEY_FILE": "/nowhere"})


class Vault(BaseHTTPRequestHandler):
    """Answers like a KV store, version 2, to whoever has the token."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self._answer(self.headers.get("X-Vault-Token") == "right", {"data": {"data": {"SECRET_KEY": "of the vault"}}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Vault.seen.append(f"{self.path} {body}")
        self._answer(body.get("jwt") == "account", {"auth": {"client_token": "right"}})

    def _answer(self, is_right: bool, document: object) -> None:
        body = json.dumps(document if is_right else {"errors": ["permission denied"]}).encode()
        self.send_response(200 if is_right else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def vault() -> Iterator[dict[str, str]]:
    server = HTTPServer(("127.0.0.1", 0), Vault)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield {"VAULT_ADDR": f"http://127.0.0.1:{server.server_port}", "VAULT_PATH": "secret/market"}
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_vault_by_token_and_by_service_account(vault: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("right\n")
    (tmp_path / "jwt").write_text("account")
    by_file = with_secrets(vault | {"VAULT_TOKEN_FILE": str(tmp_path / "token")})
    by_role = with_secrets(vault | {"VAULT_ROLE": "market", "VAULT_JWT_FILE": str(tmp_path / "jwt")})
    assert by_file["SECRET_KEY"] == by_role["SECRET_KEY"] == "of the vault"  # not-a-secret
    assert Vault.seen[-1].startswith("/v1/auth/kubernetes/login")


def test_a_vault_that_refuses_or_is_away_stops_the_start(vault: dict[str, str]) -> None:
    with pytest.raises(EnvError, match=r"gave no secret secret/market: Forbidden\.$"):
        with_secrets(vault | {"VAULT_TOKEN": "wrong"})
    with pytest.raises(EnvError, match=r"gave no secret secret/market: ConnectionError\.$"):
        with_secrets(vault | {"VAULT_ADDR": "http://127.0.0.1:9", "VAULT_TOKEN": "right"})
    with pytest.raises(EnvError, match="VAULT_PATH must be"):
        with_secrets({"VAULT_ADDR": "http://127.0.0.1:9"})
