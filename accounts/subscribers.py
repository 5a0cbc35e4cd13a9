"""Reactions to facts of the framework."""

from typing import Any, Final

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.apps import AppConfig
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from accounts.events import UserSignedIn
from accounts.services.end_sessions import end_other_sessions
from accounts.services.leave_session import leave_session
from accounts.services.list_session import current_session_id, list_session
from accounts.services.note_security import note_security
from accounts.services.sync_roles import sync_roles
from accounts.types import SecurityChange
from common.bus import publish_on_commit
from common.metrics.registry import registry

_FACTORS: Final[dict[Signal, dict[str, SecurityChange]]] = {
    mfa_signals.authenticator_added: {
        Authenticator.Type.TOTP: SecurityChange.FACTOR_ON,
        Authenticator.Type.WEBAUTHN: SecurityChange.PASSKEY_ADDED,
    },
    mfa_signals.authenticator_removed: {
        Authenticator.Type.TOTP: SecurityChange.FACTOR_OFF,
        Authenticator.Type.WEBAUTHN: SecurityChange.PASSKEY_REMOVED,
    },
    mfa_signals.authenticator_reset: {Authenticator.Type.RECOVERY_CODES: SecurityChange.RECOVERY_CODES},
}
FAILURES = registry.counter("login_failures_total", "Attempts to sign in with a wrong name or password.").of()


@receiver(post_migrate, dispatch_uid="accounts.sync_roles")
def give_roles_their_permissions(sender: AppConfig, **kwargs: Any) -> None:
    # Django has made the permissions of this app just before, because django.contrib.auth is listed first.
    sync_roles(app_label=sender.label)


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def tell_that_somebody_signed_in(sender: type, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    publish_on_commit(UserSignedIn(user.pk))
    list_session(request, user.pk)


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def end_what_was_signed_out(sender: type, request: HttpRequest, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    session_id = current_session_id(request)
    if user is not None and session_id is not None:
        leave_session(session_id=session_id, user_id=user.pk)


@receiver(account_signals.password_changed, dispatch_uid="accounts.password_changed")
@receiver(account_signals.password_set, dispatch_uid="accounts.password_set")
def end_others_after_a_new_password(sender: type, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    # Their hash is another one, so they are dead already; the list has to say so.
    end_other_sessions(user_id=user.pk, kept_id=current_session_id(request))
    note_security(user_id=user.pk, change=SecurityChange.PASSWORD_CHANGED)


@receiver(account_signals.password_reset, dispatch_uid="accounts.password_reset")
def end_all_after_a_reset(sender: type, user: AbstractBaseUser, **kwargs: Any) -> None:
    end_other_sessions(user_id=user.pk, kept_id=None)
    note_security(user_id=user.pk, change=SecurityChange.PASSWORD_RESET)


@receiver(account_signals.email_changed, dispatch_uid="accounts.email_changed")
def note_a_new_address(sender: type, user: AbstractBaseUser, **kwargs: Any) -> None:
    note_security(user_id=user.pk, change=SecurityChange.EMAIL_CHANGED)


@receiver(list(_FACTORS), dispatch_uid="accounts.factor_changed")
def note_a_changed_factor(
    sender: type, signal: Signal, user: AbstractBaseUser, authenticator: Authenticator, **kwargs: Any
) -> None:
    # Recovery codes come and go with the factor that they are for.
    change = _FACTORS[signal].get(authenticator.type)
    if change is not None:
        note_security(user_id=user.pk, change=change)


@receiver(user_login_failed, dispatch_uid="accounts.login_failed")
def count_that_somebody_failed(sender: type, **kwargs: Any) -> None:
    FAILURES.add()
