"""The one way out: every request that this product sends to an address that somebody wrote down.

Contract   The address is checked, resolved once and connected to as checked; TLS is verified for the name. Redirects
           aren't followed and proxies of the environment aren't used: an answer of 3xx is an answer. The whole of a
           request ends within ``timeout_s``, and no more than ``bytes_max`` of the answer are read. Nothing is tried
           twice here. Never called within a transaction, nor by a web process.
"""

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import certifi
import httpcore
from django.conf import settings

from common.outgoing.connecting import CheckedBackend, Deadline
from common.outgoing.errors import Failure, OutgoingFailed
from common.outgoing.targets import Target, read_target
from common.version import VERSION

BYTES_MAX: Final = 65_536
TIMEOUT_S: Final = 5.0
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_OWN_HEADERS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` have names in small letters; ``is_cut`` says that the body was longer than asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def fetch(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    bytes_max: int = BYTES_MAX,
    allow: tuple[str, ...] = (),
) -> Answer:
    """Ask ``url`` once. Hosts in ``allow`` and in OUTGOING_ALLOWED_HOSTS may be inward.

    Raises: OutgoingRefused (nothing was sent), OutgoingFailed
    """
    assert method in _METHODS
    target = read_target(url, allow=(*settings.OUTGOING_ALLOWED_HOSTS, *allow))
    deadline = Deadline(timeout_s)
    try:
        return _ask(method, target, body, _headers(target, headers or {}, body), deadline, bytes_max)
    except httpcore.TimeoutException as error:
        raise OutgoingFailed(Failure.TIMEOUT, f"No answer within {timeout_s:g} s.") from error
    except httpcore.ConnectError as error:
        raise _connect_failure(error) from error
    except (httpcore.ReadError, httpcore.WriteError) as error:
        raise OutgoingFailed(Failure.RESET, "The connection was reset.") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise OutgoingFailed(Failure.PROTOCOL, "The answer isn't HTTP, or was cut off.") from error


def check_address(url: str, *, field: str = "url") -> None:
    """Judge an address as it is written, when it is saved; the name behind it is judged at each request.

    Raises: OutgoingRefused
    """
    read_target(url, allow=tuple(settings.OUTGOING_ALLOWED_HOSTS), field=field)


def _ask(
    method: str, target: Target, body: bytes, headers: list[tuple[bytes, bytes]], deadline: Deadline, bytes_max: int
) -> Answer:
    backend = CheckedBackend(target, deadline)
    url = httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    with (
        httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend, max_connections=1) as pool,
        pool.stream(method, url, headers=headers, content=body) as response,
    ):
        found, is_cut = _bounded(response.iter_stream(), bytes_max)
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, names, found, is_cut)


def _bounded(chunks: Iterable[bytes], bytes_max: int) -> tuple[bytes, bool]:
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > bytes_max:
            return bytes(found[:bytes_max]), True
    return bytes(found), False


def _headers(target: Target, own: Mapping[str, str], body: bytes) -> list[tuple[bytes, bytes]]:
    assert not {name.lower() for name in own} & _OWN_HEADERS
    # Without compression nothing small can become large.
    given = {"Host": target.origin, "Accept-Encoding": "identity", "User-Agent": f"OpinionMarket/{VERSION}", **own}
    if body:
        given["Content-Length"] = str(len(body))
    return [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in given.items()]


def _connect_failure(error: httpcore.ConnectError) -> OutgoingFailed:
    cause = error.__context__
    if isinstance(cause, ssl.SSLError):
        return OutgoingFailed(Failure.TLS, f"TLS failed: {cause.reason or cause}.")
    return OutgoingFailed(Failure.CONNECT, "Nobody answered there.")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The system's authorities, those of SSL_CERT_FILE, and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
