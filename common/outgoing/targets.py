"""A URL, taken apart and judged before anything is resolved.

Contract   Whatever two programs could read in two ways is refused: user names, other notations of numbers, trailing
           dots, letters beyond ASCII, zones, backslashes. What remains has one meaning.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from common.outgoing.addresses import Address, is_public
from common.outgoing.errors import OutgoingRefused

PORTS: Final = frozenset({80, 443, 8080, 8443})
URL_CHARACTERS_MAX: Final = 2_000
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PRINTABLE: Final = re.compile(r"[\x21-\x5b\x5d-\x7e]+")
_NAME: Final = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
#: Names that mean something inside of a network only.
_INWARD_ENDS: Final = (
    ".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".private",
    ".home.arpa",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """``host`` is a name or an address without brackets; ``path`` begins with a slash and holds the query."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None
    is_allowed_inward: bool

    @property
    def origin(self) -> str:
        """As the header Host has it: the port only where it isn't the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str, *, allow: tuple[str, ...] = (), field: str = "url") -> Target:
    """Hosts in ``allow`` (``name``, ``name:port``) may be inward and have any port.

    Raises: OutgoingRefused
    """
    parts = _split(url, field)
    scheme, host = parts.scheme, _host(parts, field)
    port = _port(parts, field)
    address = _address(host, field)
    is_allowed = host in allow or f"{host}:{port}" in allow
    if not is_allowed:
        _check_outward(host, port, address, field)
    path = parts.path or "/"
    return Target(scheme, host, port, f"{path}?{parts.query}" if parts.query else path, address, is_allowed)


def _split(url: str, field: str) -> SplitResult:
    if len(url) > URL_CHARACTERS_MAX or not _PRINTABLE.fullmatch(url):
        raise _refused("Write the URL in printable ASCII, without spaces and backslashes.", field)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _refused("This is no URL.", field) from error
    if parts.scheme not in _DEFAULT_PORTS or not url.lower().startswith(f"{parts.scheme}://"):
        raise _refused("The URL must start with https:// or http://.", field)
    if "@" in parts.netloc:
        raise _refused("Leave user name and password out of the URL.", field)
    return parts


def _host(parts: SplitResult, field: str) -> str:
    host = parts.hostname or ""
    is_bracketed = parts.netloc.startswith("[")
    if is_bracketed != (":" in host) or (not is_bracketed and not _NAME.fullmatch(host)):
        raise _refused(f"{host!r} is no host; a name is written as example.org, an international one as xn--...", field)
    return host


def _port(parts: SplitResult, field: str) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise _refused("The port must be a number up to 65535.", field) from error
    if parts.netloc.endswith(":") or port == 0:
        raise _refused("The port must be a number from 1 to 65535.", field)
    return port or _DEFAULT_PORTS[parts.scheme]


def _address(host: str, field: str) -> Address | None:
    """The address that the host is, or None for a name."""
    try:
        if ":" in host:
            return IPv6Address(host)
        if _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
            # A resolver would read 127.1, 0x7f000001 and 017700000001 as addresses too.
            return IPv4Address(host)
    except AddressValueError as error:
        raise _refused(f"Write the address {host!r} as four decimal numbers, or use a name.", field) from error
    return None


def _check_outward(host: str, port: int, address: Address | None, field: str) -> None:
    if address is not None and not is_public(address):
        raise _refused(f"{host} is no public address.", field)
    if address is None and ("." not in host or host.endswith(_INWARD_ENDS)):
        raise _refused(f"{host} is a name of an inner network.", field)
    if port not in PORTS:
        listed = ", ".join(map(str, sorted(PORTS)))
        raise _refused(f"Port {port} isn't asked; use one of {listed}.", field)


def _refused(detail: str, field: str) -> OutgoingRefused:
    return OutgoingRefused(detail, field=field)
