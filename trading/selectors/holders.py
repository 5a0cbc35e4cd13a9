"""Who of some people has something to win in a market."""

from collections.abc import Sequence

from django.db.models import Q

from trading.models import Position, Provision


def holders_among(market_id: int, user_ids: Sequence[int]) -> set[int]:
    """Those who hold shares or provide liquidity, or did when the market was settled."""
    holds = Q(quantity__gt=0) | Q(settled_quantity__gt=0)
    return {
        user_id
        for table in (Position, Provision)
        for user_id in table.objects.filter(holds, market_id=market_id, user_id__in=user_ids).values_list(
            "user_id", flat=True
        )
    }
