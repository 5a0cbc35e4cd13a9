"""Why a request did not leave, or brought nothing back."""

from enum import StrEnum

from common.errors import DomainError


class OutgoingRefused(DomainError):
    """The address leads into this site's own network, or isn't one that may be asked. Nothing was sent."""

    code = "outgoing.address_refused"
    title = "This address may not be asked."


class Failure(StrEnum):
    """At which step a request ended."""

    NAME = "name"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"


class OutgoingFailed(Exception):
    """No answer came; whether the receiver saw the request is unknown from ``TIMEOUT`` on."""

    def __init__(self, kind: Failure, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
