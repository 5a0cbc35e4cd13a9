"""Passkeys: what a browser's answer may look like, and names for them.

Contract   Whatever is sent is either a right answer to the challenge of this session or a refusal beside the form.
Why        The library's parsers fail in many ways on answers that no browser makes.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.forms import BooleanField, CharField
from django.utils.translation import gettext_lazy as _

NAME_LENGTH_MAX: Final = 60
_NONSENSE: Final = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    struct.error,
    RecursionError,
    InvalidSignature,
    UnsupportedAlgorithm,
)


@contextmanager
def refusing_nonsense() -> Iterator[None]:
    try:
        yield
    except _NONSENSE as problem:
        raise get_adapter().validation_error("incorrect_passkey") from problem


def _name_field() -> CharField:
    return CharField(
        label=_("Name"), max_length=NAME_LENGTH_MAX, help_text=_("So that you know later which one it is.")
    )


class AddPasskeyForm(forms.AddWebAuthnForm):
    name = _name_field()
    passwordless = BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your finger, your face or its PIN."),
    )

    def clean(self) -> dict[str, Any]:
        with refusing_nonsense():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class EditPasskeyForm(forms.EditWebAuthnForm):
    name = _name_field()


class _Answer:
    def clean_credential(self) -> Authenticator:
        with refusing_nonsense():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        return found


class PasskeyLoginForm(_Answer, forms.LoginWebAuthnForm):
    pass


class PasskeyAuthenticateForm(_Answer, forms.AuthenticateWebAuthnForm):
    pass


class PasskeyReauthenticateForm(_Answer, forms.ReauthenticateWebAuthnForm):
    pass
