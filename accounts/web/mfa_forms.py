"""Codes of the second factor, counted by limits that hold under parallel attempts."""

from typing import Any

from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from accounts.services.limits import give_back
from accounts.web.attempts import second_factor_buckets, take_or_refuse


class _CountedCode:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = self.fields["code"].widget.attrs  # type: ignore[attr-defined]
        attributes.pop("placeholder", None)
        attributes |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        buckets = second_factor_buckets(context.request, self.user.pk)  # type: ignore[attr-defined]
        take_or_refuse(buckets)
        code: str = super().clean_code()  # type: ignore[misc]
        give_back(buckets)
        return code


class AuthenticateForm(_CountedCode, mfa.AuthenticateForm):
    pass


class ReauthenticateForm(_CountedCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_CountedCode, totp.ActivateTOTPForm):
    pass
