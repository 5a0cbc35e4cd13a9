"""What the benchmark of the dashboards runs inside Django: somebody who may watch, signed in."""

import json
import secrets
import sys
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.services.create_user import create_user
from accounts.types import Role


def watcher() -> dict[str, Any]:
    """The session cookie of a new operator."""
    handle = f"watcher{secrets.token_hex(4)}"
    user = create_user(handle=handle, email=f"{handle}@example.org", roles=(Role.OPERATOR,))
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


JOBS = {"watcher": watcher}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
