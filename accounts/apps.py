from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and keys"

    def ready(self) -> None:
        # By name, because models can't be imported before the apps are loaded.
        import_module("accounts.subscribers")
