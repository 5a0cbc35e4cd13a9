"""Markets whose time has come, for the sweeps; by the database's clock."""

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Now

from markets.models import Market
from markets.types import MarketStatus

BATCH_MAX: Final = 500
OVER: Final = (MarketStatus.RESOLVED.value, MarketStatus.VOID.value)
ENDED: Final = (MarketStatus.CLOSED.value, MarketStatus.PROPOSED.value, MarketStatus.DISPUTED.value, *OVER)


def markets_to_close() -> list[int]:
    """Markets made here, past ``closes_at``, that still count as open. An imported one, which closed long ago,
    is open while its trades are replayed, and the import closes it."""
    tradable = (MarketStatus.OPEN.value, MarketStatus.HALTED.value)
    return _ids(Market.objects.filter(status__in=tradable, closes_at__lte=Now(), source=""))


def markets_to_confirm() -> list[int]:
    """Proposed markets whose challenge window is over."""
    return _ids(Market.objects.filter(status=MarketStatus.PROPOSED.value, challenge_ends_at__lte=Now()))


def over_among(market_ids: Sequence[int]) -> list[int]:
    """Those that are resolved or void."""
    return _ids(Market.objects.filter(pk__in=market_ids, status__in=OVER))


def _ids(markets: "QuerySet[Market]") -> list[int]:
    return list(markets.order_by("pk").values_list("pk", flat=True)[:BATCH_MAX])
