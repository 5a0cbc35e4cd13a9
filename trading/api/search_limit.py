"""How often a caller may search; the pages of the site count in the same bucket."""

from typing import Any

from accounts.services import limits
from common.api.errors import LimitExceeded
from common.client_ip import client_network


def count_search(request: Any) -> None:
    """Count a request that has a ``q`` against its caller's searches.

    Raises: LimitExceeded
    """
    if not request.GET.get("q", "").strip():
        return
    caller = request.api_caller
    reader = f"user:{caller.user_id}" if caller is not None else f"address:{client_network(request)}"
    verdict = limits.take([(limits.SEARCH, reader)])
    if not verdict.is_allowed:
        seconds = int(verdict.retry_after_s) + 1
        detail = (
            f"Wait {seconds} s. Searches are limited to {limits.SEARCH.capacity} in {limits.SEARCH.period_s:.0f} s."
        )
        raise LimitExceeded(detail, extra={"retry_after": seconds})
