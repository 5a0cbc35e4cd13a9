"""Idempotency keys of commands that aren't orders, in the table of client order ids."""

from hashlib import sha256

from trading.services.answer_once import KEY_PREFIX


def command_key(key: str, *request: object) -> tuple[str, bytes]:
    """The stored name of a user's key, empty for none, and the digest of what was asked for."""
    return (KEY_PREFIX + key, sha256(repr(request).encode()).digest()) if key else ("", b"")
