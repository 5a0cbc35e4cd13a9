"""The second factor here: secrets are encrypted, so that a copy of the database makes no codes; passkeys belong to the
site's own address."""

from typing import Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.sealing import seal, unseal

_PURPOSE: Final = "second factor"


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_passkey": _("This passkey didn't work. Try again, or use another way to sign in."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=_PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the host of ``PUBLIC_URL``; in development to the host that was asked."""
        host = settings.PASSKEY_HOST or context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name to begin with, until they give it a better one."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)
