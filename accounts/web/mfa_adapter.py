"""Second-factor secrets are encrypted, so that a copy of the database makes no codes."""

from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter

from common.sealing import seal, unseal

_PURPOSE: Final = "second factor"


class MfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=_PURPOSE)
