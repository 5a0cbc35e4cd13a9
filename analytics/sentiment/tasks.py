"""Jobs of sentiment: each calls one service, and may run twice or not at all for a while.

Why   Web processes import this module to send tasks, and must not hold the lexicon and the parser of feeds: the
      services that use them are imported by ``_service``, the one door to them, when a task runs.
"""

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils.module_loading import import_string


def _service(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = import_string(f"analytics.sentiment.services.{name}")
    return found


@shared_task
def score_comments() -> int:
    return int(_service("score_comments.score_comments")())


@shared_task
def fetch_feeds() -> int:
    return int(_service("fetch_feeds.fetch_feeds")())


@shared_task
def link_market(market_id: int) -> int:
    return int(_service("keep_articles.link_market")(market_id=market_id))
