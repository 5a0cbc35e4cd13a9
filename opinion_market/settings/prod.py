"""A public site: refuses to start with development values."""

from urllib.parse import urlsplit

from opinion_market.settings.base import *  # noqa: F403
from opinion_market.settings.base import BASE_DIR, ENV, STORAGES
from opinion_market.settings.env import EnvError, production_mistakes

if _mistakes := production_mistakes(ENV):
    raise EnvError(" ".join(_mistakes))

DEBUG = False
REQUIRE_STAFF_MFA = ENV.require_staff_mfa
PASSKEY_HOST = urlsplit(ENV.public_url).hostname or ""
SECURE_SSL_REDIRECT = ENV.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/?$", r"^ready/?$", r"^metrics/?$", r"^api/v1/intelligent-alerting/alertmanager/?$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_NAME = "__Host-session" if ENV.https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENV.https else "csrf"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = False
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "opinion_market.static_files.CollectedFiles"}}
