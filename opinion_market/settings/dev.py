"""One person's machine: `make up` and `manage.py`."""

from opinion_market.settings.base import *  # noqa: F403

EMAIL_SUBJECT_PREFIX = "[Opinion Market] "
