from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PRODUCTION: Final = "opinion_market.settings.prod"


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        register(check_not_in_production)


def check_not_in_production(**kwargs: Any) -> list[CheckMessage]:
    """Demo accounts have passwords that a reader of the source could work out for the development key."""
    if settings.SETTINGS_MODULE != PRODUCTION:
        return []
    return [Error("The demo app is installed.", hint="Take demo out of INSTALLED_APPS.", id="demo.E001")]
