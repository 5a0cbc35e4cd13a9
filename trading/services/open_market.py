"""Fund a draft market's maker rule and let it be traded."""

from typing import Final

from django.db import connection, transaction

from common import clock
from markets.selectors.trading_terms import trading_rules
from markets.services import journal
from markets.services import open_market as lifecycle
from trading.engine.lmsr import subsidy
from trading.engine.pricing import marginal_prices
from trading.engine.state import new_state
from trading.models import MarketBook
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._market_state import engine_rules
from trading.services._posting import global_account_id, market_account_id, post

PARTS: Final = (AccountKind.COLLATERAL, AccountKind.MAKER, AccountKind.FEES)


def open_market(market_id: int, *, actor_id: int | None = None) -> int:
    """Make the market's accounts and book, pay the maker rule's subsidy from the issuance account, open.

    Returns:   the ``seq`` of the journal record that opened it
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketOpened
    """
    with transaction.atomic():
        journal.lock_head(None, market_id)
        seq = lifecycle.open_market(market_id=market_id, actor_id=actor_id)
        with connection.cursor() as cursor:
            rules = engine_rules(market_id, trading_rules(cursor, market_id))
        state = new_state(rules)
        MarketBook.objects.update_or_create(
            market_id=market_id,
            defaults={
                "seq": seq,
                "maker_quantities": state.maker_quantities,
                "prices": list(marginal_prices(state)),
            },
        )
        accounts = {kind: market_account_id(market_id, kind) for kind in PARTS}
        if rules.liquidity:
            amount = subsidy(rules.liquidity, rules.outcomes)
            moves = {accounts[AccountKind.MAKER]: amount, global_account_id(AccountKind.ISSUANCE): -amount}
            post(moves, kind=TransferKind.SUBSIDY, at=clock.now(), market_id=market_id, seq=seq)
        return seq
