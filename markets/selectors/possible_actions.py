"""What somebody may do to a market's lifecycle now, so that pages offer only that."""

from markets.engine.lifecycle import actions_from
from markets.types import Action, MarketStatus, Party, ResolutionPolicy


def possible_actions(status: str, policy: str, *, is_creator: bool, is_operator: bool) -> tuple[Action, ...]:
    """For an active person; the services check it again."""
    parties = {Party.TRADER} | ({Party.CREATOR} if is_creator else set()) | ({Party.OPERATOR} if is_operator else set())
    return actions_from(MarketStatus(status), parties, ResolutionPolicy(policy))
