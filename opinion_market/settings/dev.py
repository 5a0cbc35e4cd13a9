"""One person's machine: `make up` and `manage.py`."""

from opinion_market.settings.base import *  # noqa: F403
from opinion_market.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]

EMAIL_SUBJECT_PREFIX = "[Opinion Market] "
