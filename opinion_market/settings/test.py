"""The test suite: own servers unless DATABASE_URL and REDIS_URL name others (see the root conftest)."""

import os
from dataclasses import replace

from opinion_market.local import layout

# Workers of pytest-xdist inherit these, so that the run shares one PostgreSQL; a Redis each has for itself.
_servers_dir = layout.test_servers_dir()
os.environ.setdefault("DATABASE_URL", layout.postgres_url(_servers_dir))
if os.environ.get("REDIS_URL") in (None, layout.redis_url(_servers_dir / "main")):
    os.environ["REDIS_URL"] = layout.redis_url(layout.test_redis_dir())

from opinion_market.settings import log  # noqa: E402
from opinion_market.settings.base import *  # noqa: E402, F403
from opinion_market.settings.base import DATABASES, ENV, INSTALLED_APPS  # noqa: E402
from opinion_market.settings.database import database  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
DATABASES = {**DATABASES, "default": database(ENV.database_url, "test")}

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = EMAIL_SENDER = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True
# Each read asks the table, which a test puts back.
FLAGS_POLL_S = 0
# Neither files in the clone nor a line for each request of each test.
LOGGING = log.config(replace(ENV, log_console_level="WARNING"), "")
