"""Reactions to facts of the framework."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from monitoring.scaling.services.provide_defaults import provide_defaults


@receiver(post_migrate, dispatch_uid="scaling.provide_defaults")
def begin_with_defaults(sender: AppConfig, **kwargs: Any) -> None:
    if sender.label == "scaling":
        provide_defaults()
