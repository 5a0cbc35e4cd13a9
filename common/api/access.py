"""Who may ask what: the rule that every route declares, and who a caller is.

The gate that knows keys and sessions lives in an app above and is named by ``settings.API_GATE``.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


class Bucket(StrEnum):
    """What a request is counted as."""

    READ = "read"
    WRITE = "write"
    #: Apart, so that whoever has used up what they may write can still take back what rests.
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Access:
    """``scope``: what a key must carry; empty: everybody may ask. ``permission``: what its user must have, as a
    session's user must."""

    scope: str = ""
    permission: str = ""

    @property
    def is_public(self) -> bool:
        return not self.scope


PUBLIC = Access()
READ = Access("read")
TRADE = Access("trade", "trading.add_order")
#: Where a person's own events go: whoever may tell them away could trade as well.
WEBHOOKS = Access("trade")
#: What somebody follows is their own matter, whatever their role.
FOLLOW = Access("trade")
#: Members of a market's committee vote, whatever their role; the market knows who they are.
VOTE = Access("trade")
MARKET = Access("market", "markets.add_market")
#: The creator of a market may act on it whatever their role; the lifecycle knows who it is.
OWN_MARKET = Access("market")
OPERATE = Access("operate", "markets.operate_market")
MODERATE = Access("trade", "markets.moderate_comment")
#: What the site measures of itself: for staff who watch it.
MEASURE = Access("read", "monitoring.view_measurement")
OWN_DASHBOARDS = Access("report", "monitoring.add_dashboard")
MARK_EVENTS = Access("operate", "monitoring.add_event")
#: Forecasts, scaling, tuning: to start and stop what the platform does by itself, and to do it by hand.
OPERATE_PLATFORM = Access("operate", "monitoring.operate_platform")
#: Business figures: for those who run the market.
BUSINESS = Access("report", "business.view_business")
#: Reports on the business: to read those of one's own and those that are shared, and to make them.
READ_REPORTS = Access("report", "reports.view_report")
MAKE_REPORTS = Access("report", "reports.make_report")
#: Journals with whose orders they tell of.
SEE_JOURNALS = Access("report", "markets.view_marketevent")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose credentials are good. ``scopes`` is ``None`` for a session."""

    user: Any
    user_id: int
    scopes: frozenset[str] | None
    name: str

    def has_scope(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a bucket: ``reset_s`` until it is full again, ``retry_after_s`` when it was empty."""

    limit: int
    remaining: int
    reset_s: int
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class BucketRule:
    """``limit`` requests in ``window_s`` seconds, refilled steadily."""

    limit: int
    window_s: int


class Gate(Protocol):
    """Knows credentials and counts requests."""

    def caller(self, request: HttpRequest) -> Caller | None:
        """Who asks; ``None`` without credentials. Raises ``AuthError`` for bad ones."""
        ...

    def spend(self, request: HttpRequest, caller: Caller | None, bucket: Bucket, cost: int = 1) -> Allowance:
        """Count ``cost`` requests, or none if so many aren't left."""
        ...

    def rule(self, caller: Caller | None, bucket: Bucket) -> BucketRule: ...


@lru_cache(maxsize=1)
def gate() -> Gate:
    found: Gate = import_string(settings.API_GATE)()
    return found
