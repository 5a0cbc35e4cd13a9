"""Traders and an analyst for a load, with their keys: `python -m scripts.load.people 40 > keys.json`, beside the site.

Contract   Prints the document that ``make load KEYS=...`` reads. Run again, it makes other people. They have no
           passwords; suspend them when the load is over.
"""

import json
import os
import sys
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from accounts.services.create_api_key import create_api_key  # noqa: E402  Django has to be set up first
from accounts.services.create_user import create_user  # noqa: E402
from accounts.types import Role  # noqa: E402
from trading.services.open_account import open_account  # noqa: E402

WATCHERS: Final = 2


def person(handle: str, role: Role, *scopes: str) -> str:
    user = create_user(handle=handle, email=f"{handle}@example.org", password=None, roles=(Role.TRADER, role))
    open_account(user.pk)
    return create_api_key(user_id=user.pk, name="load", scopes=scopes).secret


def people(traders: int) -> dict[str, list[str]]:
    mark = os.urandom(3).hex()
    return {
        "traders": [person(f"load-{mark}-{number}", Role.TRADER, "read", "trade") for number in range(traders)],
        "watchers": [person(f"load-{mark}-w{number}", Role.ANALYST, "read") for number in range(WATCHERS)],
    }


if __name__ == "__main__":
    print(json.dumps(people(int(sys.argv[1]) if len(sys.argv) > 1 else 20)))
