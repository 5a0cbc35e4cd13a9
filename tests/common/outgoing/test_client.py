import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from common.outgoing import client
from common.outgoing.client import fetch
from common.outgoing.errors import Failure, OutgoingFailed
from tests.common.outgoing.receivers import (
    Behaviour,
    answering,
    babbling,
    dripping,
    endless,
    receiver,
    redirecting,
    resetting,
    silent,
)


@pytest.fixture(autouse=True)
def an_environment_with_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


def test_asks_and_answers() -> None:
    with receiver(answering(201, b'{"a":1}', "X-Id: 7\r\n")) as found:
        answer = fetch("POST", found.url("/in?a=b"), body=b"hello", headers={"X-Own": "1"}, allow=(found.allowed,))
    assert (answer.status, answer.body, answer.headers["x-id"], answer.is_success) == (201, b'{"a":1}', "7", True)
    (request,) = found.requests
    assert request.startswith(b"POST /in?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{found.port}\r\n".encode() in request
    assert b"X-Own: 1\r\n" in request
    assert request.endswith(b"\r\n\r\nhello")


def test_hosts_of_the_setting_may_be_inward(settings: Any) -> None:
    with receiver(answering()) as found:
        settings.OUTGOING_ALLOWED_HOSTS = (found.allowed,)
        assert fetch("GET", found.url()).body == b"ok"


def test_a_redirect_is_an_answer() -> None:
    with receiver(answering()) as canary, receiver(redirecting(canary.url())) as found:
        answer = fetch("GET", found.url(), allow=(found.allowed,))
    assert (answer.status, answer.headers["location"]) == (302, canary.url())
    assert canary.connections == 0


@pytest.mark.parametrize("behaviour", [silent, dripping])
def test_ends_in_time(behaviour: Behaviour) -> None:
    with receiver(behaviour) as found:
        began = time.monotonic()
        with pytest.raises(OutgoingFailed) as failure:
            fetch("GET", found.url(), timeout_s=0.3, allow=(found.allowed,))
    assert failure.value.kind is Failure.TIMEOUT
    # Either of them would go on for ever.
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(("behaviour", "kind"), [(resetting, Failure.RESET), (babbling, Failure.PROTOCOL)])
def test_says_how_an_answer_failed(behaviour: Behaviour, kind: Failure) -> None:
    with receiver(behaviour) as found, pytest.raises(OutgoingFailed) as failure:
        fetch("GET", found.url(), timeout_s=30, allow=(found.allowed,))
    assert failure.value.kind is kind


def test_nobody_there() -> None:
    with receiver(answering()) as found:
        pass
    with pytest.raises(OutgoingFailed) as failure:
        fetch("GET", found.url(), allow=(found.allowed,))
    assert failure.value.kind is Failure.CONNECT


def test_an_endless_answer_is_cut() -> None:
    with receiver(endless) as found:
        answer = fetch("GET", found.url(), bytes_max=25_000, allow=(found.allowed,))
    assert (len(answer.body), answer.is_cut) == (25_000, True)


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(OutgoingFailed) as failure:
        fetch("GET", "https://nobody.example.org/")
    assert failure.value.kind is Failure.NAME


def test_a_resolver_that_hangs_does_not_hold_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        time.sleep(2)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(OutgoingFailed) as failure:
        fetch("GET", "https://slow.example.org/", timeout_s=0.2)
    assert failure.value.kind is Failure.TIMEOUT


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Of hooks.example.org, and trusted through SSL_CERT_FILE."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + own.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    client._tls.cache_clear()
    yield file
    client._tls.cache_clear()


def test_tls_is_verified_for_the_name_not_the_address(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    monkeypatch.setattr(socket, "getaddrinfo", _here)
    with receiver(answering(200, b"safe"), context) as found:
        good = f"https://hooks.example.org:{found.port}/"
        other = f"https://other.example.org:{found.port}/"
        allow = (f"hooks.example.org:{found.port}", f"other.example.org:{found.port}")
        assert fetch("GET", good, allow=allow).body == b"safe"
        with pytest.raises(OutgoingFailed) as failure:
            fetch("GET", other, allow=allow)
    assert failure.value.kind is Failure.TLS
    assert names == ["hooks.example.org", "other.example.org"]
    assert len(found.requests) == 1


def _here(host: str, port: int, *rest: object, **more: object) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]
