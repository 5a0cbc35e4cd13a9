"""Checks that need the database; ``migrate`` and ``check --database default`` run them."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections

from accounts.selectors.handles import has_simulated_traders

PRODUCTION: Final = "opinion_market.settings.prod"
_TABLE: Final = "accounts_user"


def check_no_demo_people(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The demo's accounts have passwords that anybody can work out; their mark is the simulated traders."""
    if settings.SETTINGS_MODULE != PRODUCTION or "default" not in (databases or ()):
        return []
    if _TABLE not in connections["default"].introspection.table_names() or not has_simulated_traders():
        return []
    hint = "Start with a database of its own; demo data can't be told from real data afterwards."
    return [Error("This database holds the accounts of a demo.", hint=hint, id="opinion_market.E001")]
