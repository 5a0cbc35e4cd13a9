"""Secrets at rest are encrypted, so that a copy of the database opens no account.

Contract   What is sealed for one purpose can't be opened for another. After SECRET_KEY was changed, texts of keys in
           SECRET_KEY_FALLBACKS can still be opened.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(text: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises: cryptography.fernet.InvalidToken"""
    return _box(purpose).decrypt(sealed.encode()).decode()


def _box(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(purpose, force_bytes(key))) for key in keys])


def _derived(purpose: str, key: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose} ".encode() + key).digest())
