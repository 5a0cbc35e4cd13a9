"""Reactions to facts of the framework."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.events import UserSignedIn
from accounts.services.sync_roles import sync_roles
from common.bus import publish_on_commit
from common.metrics.registry import registry

FAILURES = registry.counter("login_failures_total", "Attempts to sign in with a wrong name or password.").of()


@receiver(post_migrate, dispatch_uid="accounts.sync_roles")
def give_roles_their_permissions(sender: AppConfig, **kwargs: Any) -> None:
    # Django has made the permissions of this app just before, because django.contrib.auth is listed first.
    sync_roles(app_label=sender.label)


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def tell_that_somebody_signed_in(sender: type, user: AbstractBaseUser, **kwargs: Any) -> None:
    publish_on_commit(UserSignedIn(user.pk))


@receiver(user_login_failed, dispatch_uid="accounts.login_failed")
def count_that_somebody_failed(sender: type, **kwargs: Any) -> None:
    FAILURES.add()
