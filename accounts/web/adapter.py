"""How django-allauth signs people up and in on this site."""

import logging
import re
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from accounts.services.create_user import welcome
from accounts.services.limits import give_back
from accounts.web.attempts import login_buckets, take_or_refuse
from common.client_ip import client_ip
from common.flags.declared import SIGN_UP_OPEN
from common.flags.reading import is_on

logger = logging.getLogger(__name__)
_HANDLE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
_WRONG: Final = gettext_lazy("The handle or e-mail address and the password don't belong together.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "email_taken": gettext_lazy("There is an account with this e-mail address. Sign in, or reset its password."),
        "username_taken": gettext_lazy("This handle is taken. Choose another one."),
        "username_blacklisted": gettext_lazy("This handle is reserved. Choose another one."),
        "incorrect_code": gettext_lazy("This code isn't right, or was used already. Wait for the next one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return is_on(SIGN_UP_OPEN)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Every password that is tried comes through here: sign-in, admin and confirmation."""
        login = credentials.get("username") or credentials.get("email") or ""
        buckets = login_buckets(request, login)
        take_or_refuse(buckets)
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            give_back(buckets)
        return user

    def clean_username(self, username: str, shallow: bool = False) -> str:
        if _HANDLE.fullmatch(username) is None:
            raise ValidationError(gettext("Use letters, digits and . _ - only; begin and end with a letter or digit."))
        found: str = super().clean_username(username, shallow)
        return found

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit)
                if commit:
                    welcome(saved)
        except IntegrityError as problem:
            # The form has looked, and somebody else was faster.
            messages.error(request, gettext("This handle was taken while you typed. Choose another one."))
            raise ImmediateHttpResponse(redirect("account_signup")) from problem
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away fails no sign-up; whoever waits for the mail can ask for it again."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("the mail %s was not sent", template_prefix)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)
