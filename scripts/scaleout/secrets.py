"""What SECRET_KEY signs and seals: `make` writes a session and a second factor, `read` reads the latter.

Runs inside Django with the site's environment: `python -m scripts.scaleout.secrets make|read`.
"""

import os
import sys
from importlib import import_module
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402  Django has to be set up first
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from allauth.mfa.utils import decrypt  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from accounts.models import User  # noqa: E402

SECRET: Final = "JBSWY3DPEHPK3PXP"  # noqa: S105  # not-a-secret


def make() -> str:
    user = User.objects.get(username="storm0")
    TOTP.activate(user, SECRET)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def read() -> str:
    assert not settings.SECRET_KEY_FALLBACKS
    return "readable" if decrypt(Authenticator.objects.get().data["secret"]) == SECRET else "wrong"


if __name__ == "__main__":
    print(make() if sys.argv[1] == "make" else read())
