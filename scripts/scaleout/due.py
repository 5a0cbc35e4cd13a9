"""Markets that fall due while a worker and the leading beat are dead.

``python -m scripts.scaleout.due SECONDS COUNT`` runs inside Django with the site's environment; prints ids as JSON.
"""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from accounts.models import User  # noqa: E402  Django has to be set up first
from common import clock  # noqa: E402
from markets.services.create_market import create_market  # noqa: E402
from markets.types import MarketSpec  # noqa: E402
from trading.services.open_market import open_market  # noqa: E402


def make(seconds: float, count: int) -> list[int]:
    operator = User.objects.get(username="dave")
    ids = []
    for number in range(count):
        spec = MarketSpec(
            question=f"Will due number {number} be closed in time?",
            rules="Yes if it is.",
            topic="storm",
            closes_at=clock.now() + timedelta(seconds=seconds),
            challenge_window_s=0,
        )
        market = create_market(creator_id=operator.pk, spec=spec)
        open_market(market.pk)
        ids.append(market.pk)
    return ids


if __name__ == "__main__":
    print(json.dumps(make(float(sys.argv[1]), int(sys.argv[2]))))
