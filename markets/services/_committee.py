"""The committee that a draft names: checked and kept; its vote begins when trading ends."""

from datetime import datetime, timedelta
from typing import Any, Final

from accounts.selectors.handles import user_ids
from common.errors import FieldError
from markets.errors import MarketInvalid
from markets.models import CommitteeSeat, Market
from markets.types import MarketSpec, ResolutionPolicy

MEMBERS_MIN: Final = 3
MEMBERS_MAX: Final = 25


def store_seats(market: Market, spec: MarketSpec) -> None:
    """Keep the members that ``spec`` names by handle. Raises ``MarketInvalid``."""
    CommitteeSeat.objects.filter(market=market).delete()
    is_committee = spec.resolution_policy is ResolutionPolicy.COMMITTEE
    if not is_committee and not spec.committee:
        return
    if not is_committee:
        raise _invalid("Leave the committee out, or choose the resolution policy committee.")
    handles = list(dict.fromkeys(spec.committee))
    if not MEMBERS_MIN <= len(handles) <= MEMBERS_MAX:
        raise _invalid(f"A committee has {MEMBERS_MIN} to {MEMBERS_MAX} different members.")
    found = user_ids(handles)
    if missing := [handle for handle in handles if handle not in found]:
        raise _invalid(f"There is nobody called {missing[0]!r}.")
    CommitteeSeat.objects.bulk_create([CommitteeSeat(market=market, member_id=found[handle]) for handle in handles])


def vote_columns(market: Market, at: datetime) -> dict[str, Any]:
    """What closing changes of a market that a committee decides."""
    if market.resolution_policy != ResolutionPolicy.COMMITTEE:
        return {}
    return {"vote_ends_at": at + timedelta(seconds=market.vote_window_s)}


def _invalid(detail: str) -> MarketInvalid:
    return MarketInvalid(detail, errors=(FieldError("/committee", "market.invalid", detail),))
