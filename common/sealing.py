"""Secrets at rest are encrypted, so that a copy of the database opens no account.

Contract   What is sealed for one purpose can't be opened for another. After SECRET_KEY was changed, texts of keys in
           SECRET_KEY_FALLBACKS can still be opened.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(text: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises: cryptography.fernet.InvalidToken"""
    return _box(purpose).decrypt(sealed.encode()).decode()


def resealed(sealed: str, *, purpose: str) -> str | None:
    """The same under today's key; None when it is already. Raises: cryptography.fernet.InvalidToken"""
    try:
        _first(purpose).decrypt(sealed.encode())
    except InvalidToken:
        return _box(purpose).rotate(sealed.encode()).decode()
    return None


def _first(purpose: str) -> Fernet:
    return Fernet(_derived(purpose, force_bytes(settings.SECRET_KEY)))


def _box(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(purpose, force_bytes(key))) for key in keys])


def _derived(purpose: str, key: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose} ".encode() + key).digest())
