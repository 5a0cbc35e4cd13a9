"""Every way that is known of to make a server ask itself; a canary listens where they lead."""

import socket
from collections.abc import Iterator
from typing import Any, Final

import pytest

from common.outgoing.client import check_address, fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused
from common.outgoing.targets import PORTS
from tests.common.outgoing.receivers import Receiver, answering, receiver

#: ``PORT`` is the canary's.
AS_WRITTEN: Final = (
    "http://127.0.0.1:PORT/", "http://127.0.0.2:PORT/", "http://127.255.255.254:PORT/", "http://0.0.0.0:PORT/",
    "http://0.1.2.3:PORT/", "http://localhost:PORT/", "http://LOCALHOST:PORT/", "http://localhost.:PORT/",
    "http://127.0.0.1.:PORT/", "http://a.localhost:PORT/", "http://localhost.localdomain:PORT/",
    # Other notations of 127.0.0.1.
    "http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0x7f.0.0.1:PORT/", "http://0x7f.1:PORT/",
    "http://017700000001:PORT/", "http://0177.0.0.1:PORT/", "http://0177.1:PORT/", "http://127.1:PORT/",
    "http://127.0.1:PORT/", "http://0:PORT/", "http://127.0.0.01:PORT/", "http://127.0.0.0x1:PORT/",
    "http://0000127.0.0.1:PORT/", "http://4294967297:PORT/", "http://127.0.0.1%00.example.org:PORT/",
    "http://127.0.0.1%2eexample.org:PORT/", "http://%31%32%37.0.0.1:PORT/",
    # IPv6, and IPv4 within it.
    "http://[::1]:PORT/", "http://[::]:PORT/", "http://[0:0:0:0:0:0:0:1]:PORT/", "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/", "http://[2002:7f00:0001::1]:PORT/", "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::1]:PORT/", "http://[fe80::1%25lo]:PORT/", "http://[::1%25lo]:PORT/", "http://[fc00::1]:PORT/",
    "http://[fd00:ec2::254]:PORT/", "http://[fec0::1]:PORT/", "http://[ff02::1]:PORT/", "http://[100::1]:PORT/",
    "http://[2001:db8::1]:PORT/", "http://[2600::200:5efe:7f00:1]:PORT/", "http://[2600::5efe:127.0.0.1]:PORT/",
    "http://[127.0.0.1]:PORT/", "http://[v1.127.0.0.1]:PORT/", "http://::1:PORT/",
    # Private, shared, special.
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/",
    "http://192.168.0.1/", "http://100.64.0.1/", "http://100.127.255.255/", "http://198.18.0.1/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/",
    "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/", "http://192.88.99.1/",
    # Where clouds tell secrets.
    "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/", "http://100.100.100.200/",
    "http://168.63.129.16/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://metadata.google.internal/",
    "http://metadata/", "http://instance-data.ec2.internal/",
    # Names of inner networks.
    "http://redis:8080/", "http://postgres.default.svc.cluster.local/", "http://router.lan/",
    "http://printer.local/", "http://db.corp/", "http://nas.home.arpa/", "http://localhost6.localdomain/",
    # What two programs read in two ways.
    "http://example.org@127.0.0.1:PORT/", "http://example.org:80@127.0.0.1:PORT/",
    "http://a:b@127.0.0.1:PORT/",  # not-a-secret
    "http://127.0.0.1:PORT\\@example.org/",  # not-a-secret
    "http://example.org\\@127.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT\\",
    "http://127.0.0.1:PORT#@example.org/", "http://127.0.0.1:PORT?@example.org/", "http:///127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/", "http:/127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT", " http://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/ HTTP/1.1\r\nHost: a", "http://127.0.0.1\t:PORT/", "http://127.0.0.1\r\n:PORT/",
    "http://127。0。0。1:PORT/", "http://①②⑦.⓪.⓪.①:PORT/", "http://ⓛocalhost:PORT/", "http://１２７.0.0.1:PORT/",
    "http://loc\u00adalhost:PORT/", "http://127.0.0.1\u200b:PORT/", "http://[::1]example.org:PORT/", "http://:PORT/",
    "http://./", "http://example..org/", "http://-/", "http://*.example.org/", "http://example.org,127.0.0.1:PORT/",
    # Other schemes and ports.
    "https://127.0.0.1:PORT/", "HTTP://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/_GET",
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "dict://127.0.0.1:PORT/", "unix:///run/redis.sock",
    "javascript:alert(1)", "data:text/plain,a", "jar:http://127.0.0.1:PORT!/", "ldap://127.0.0.1:PORT/", "",
    "http://example.org:22/", "http://example.org:25/", "http://example.org:5432/", "http://example.org:6379/",
    "http://example.org:0/", "http://example.org:/", "http://example.org:99999/", "http://example.org:8o/",
    "http://example.org:-80/", "http://example.org/" + "a" * 2_000,
)  # fmt: skip
#: What a name may lead to.
ANSWERS: Final = (
    ["127.0.0.1"], ["0.0.0.0"], ["10.1.2.3"], ["169.254.169.254"], ["100.64.1.1"], ["::1"], ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["fe80::1"], ["fd00::1"], ["93.184.215.14", "127.0.0.1"],
    ["2606:2800:21f:cb07::1", "::1"],
)  # fmt: skip


@pytest.fixture(scope="module")
def canary() -> Iterator[Receiver]:
    with receiver(answering(200, b"caught")) as found:
        yield found


@pytest.fixture(autouse=True)
def nobody_resolves(monkeypatch: pytest.MonkeyPatch, canary: Receiver) -> Iterator[None]:
    """Whatever is resolved nevertheless leads to the canary, on whichever port."""
    real = socket.create_connection
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **kwargs: _rows(["127.0.0.1"], port))
    monkeypatch.setattr(
        socket, "create_connection", lambda address, *rest, **more: real(("127.0.0.1", canary.port), *rest, **more)
    )
    yield
    assert canary.connections == 0


def test_there_are_enough() -> None:
    assert len(set(AS_WRITTEN)) == len(AS_WRITTEN) >= 80


@pytest.mark.parametrize("form", AS_WRITTEN)
def test_no_form_reaches_the_canary(form: str, canary: Receiver) -> None:
    url = form.replace("PORT", str(canary.port))
    with pytest.raises(OutgoingRefused) as refusal:
        fetch("POST", url, body=b"secret")
    assert refusal.value.errors[0].pointer == "url"
    with pytest.raises(OutgoingRefused):
        check_address(url)


@pytest.mark.parametrize("form", AS_WRITTEN)
def test_nor_on_a_usual_port(form: str, canary: Receiver) -> None:
    with pytest.raises(OutgoingRefused):
        fetch("GET", form.replace("PORT", "8080"))


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_name_that_leads_inside_is_refused(answer: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **kwargs: _rows(answer, port))
    with pytest.raises(OutgoingRefused, match="leads to an address"):
        fetch("GET", "http://rebind.example.org/")


def test_a_name_is_resolved_once_so_that_it_cannot_change_between_check_and_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, connected = [], []

    def resolve(host: str, port: int, **kwargs: Any) -> Any:
        asked.append(host)
        return _rows(["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"], port)

    def connect(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingFailed):
        fetch("GET", "http://rebind.example.org/")
    assert asked == ["rebind.example.org"]
    assert connected == [("93.184.215.14", 80)]


@pytest.mark.parametrize("port", sorted(PORTS))
def test_public_addresses_and_names_may_be_written_down(port: int) -> None:
    check_address(f"https://hooks.example.org:{port}/in?a=b")
    check_address(f"https://93.184.215.14:{port}/")
    check_address(f"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:{port}/")
    check_address(f"https://xn--bcher-kva.example:{port}/")


def _rows(addresses: list[str], port: int) -> list[tuple[Any, ...]]:
    return [(0, 0, 0, "", (address, port)) for address in addresses]
