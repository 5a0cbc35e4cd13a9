"""Reactions to facts of the framework."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.services.sync_roles import sync_roles


@receiver(post_migrate, dispatch_uid="accounts.sync_roles")
def give_roles_their_permissions(sender: AppConfig, **kwargs: Any) -> None:
    # Django has made the permissions of this app just before, because django.contrib.auth is listed first.
    sync_roles(app_label=sender.label)
