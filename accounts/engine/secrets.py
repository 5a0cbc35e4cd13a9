"""The secret of an API key: its shape, its digest and what may be shown of it."""

import hashlib
import re
import secrets
from typing import Final

PREFIX: Final = "omk_"
#: 32 bytes of randomness are 43 characters; ten of them, prefix included, tell keys apart in lists.
_SECRET = re.compile(r"omk_[A-Za-z0-9_-]{43}", re.ASCII)
SHOWN_LENGTH: Final = 10


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def is_well_formed(secret: str) -> bool:
    return _SECRET.fullmatch(secret) is not None


def digest_of(secret: str) -> bytes:
    """SHA-256; a slow hash is not needed, because the secret has 256 random bits."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def shown_part(secret: str) -> str:
    return secret[:SHOWN_LENGTH]
