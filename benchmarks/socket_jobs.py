"""What the benchmark of many dashboards runs inside Django: people who may watch, signed in."""

import json
import secrets
import sys

from django.conf import settings
from django.test import Client

from accounts.services.create_user import create_user
from accounts.types import Role


def watchers(count: int) -> list[str]:
    """The session cookies of new analysts, as a header has them."""
    return [_cookie() for _ in range(count)]


def _cookie() -> str:
    handle = f"watcher{secrets.token_hex(6)}"
    user = create_user(handle=handle, email=f"{handle}@example.org", roles=(Role.ANALYST,))
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


JOBS = {"watchers": watchers}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
