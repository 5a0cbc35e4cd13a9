"""Give every simulated trader a fresh API key, and take the old ones away."""

import secrets
from datetime import timedelta
from typing import Final

from accounts.selectors.handles import user_ids
from accounts.selectors.own_keys import own_keys
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.types import Scope
from common import clock
from demo.services._cast import BOTS

_LIFETIME: Final = timedelta(days=7)
_NAME: Final = "simulated trading"


def renew_keys() -> dict[str, str]:
    """Secret by handle, for the simulated traders that exist. They live in the memory of one process only."""
    found: dict[str, str] = {}
    for handle, user_id in sorted(user_ids(bot.handle for bot in BOTS).items()):
        for key in own_keys(user_id=user_id):
            if key.revoked_at is None:
                revoke_api_key(key_id=key.key_id, user_id=user_id)
        name = f"{_NAME} {secrets.token_hex(4)}"
        expires_at = clock.now() + _LIFETIME
        made = create_api_key(user_id=user_id, name=name, scopes=(Scope.READ, Scope.TRADE), expires_at=expires_at)
        found[handle] = made.secret
    return found
