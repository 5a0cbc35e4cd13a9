"""Keep in the audit trail what somebody did to a market through a page or the API."""

from accounts.services.record_audit import record_audit
from markets.models import Market
from markets.types import Action


def audit_action(*, market_id: int, actor_id: int, action: Action, reason: str, ip: str) -> None:
    """Append one record with the market's new status; call it in the transaction of the action."""
    market = Market.objects.get(pk=market_id)
    record_audit(
        actor_id=actor_id,
        action=f"markets.{action.value}",
        target=market,
        reason=reason,
        after={"status": market.status},
        ip=ip,
    )
