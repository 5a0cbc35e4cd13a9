import pytest

from accounts.services.create_user import create_user
from common.money import CASH_SCALE
from tests.factories.accounts import make_alice
from tests.factories.markets import make_categorical_draft, make_draft
from tests.factories.trading import LIQUIDITY, wallet
from tests.trading.tables import everything
from trading.engine.lmsr import subsidy
from trading.errors import GrantInvalid
from trading.models import Account, LedgerEntry, LedgerTransfer, MarketBook
from trading.services.grant import GRANT_MAX, grant
from trading.services.open_account import open_account
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db


def test_an_account_starts_with_a_grant(settings):
    settings.STARTING_CREDITS = 250
    alice = make_alice()
    assert open_account(alice.pk) == wallet(alice).pk
    assert (wallet(alice).cash, wallet(alice).held) == (250 * CASH_SCALE, 0)
    assert Account.objects.get(kind="issuance").cash == -250 * CASH_SCALE
    transfer = LedgerTransfer.objects.get()
    assert (transfer.kind, transfer.market_id, transfer.memo) == ("grant", None, "Starting credits")
    amounts = LedgerEntry.objects.order_by("amount").values_list("amount", "balance")
    assert list(amounts) == [(-250 * CASH_SCALE, -250 * CASH_SCALE), (250 * CASH_SCALE, 250 * CASH_SCALE)]


def test_an_account_is_opened_once():
    alice = make_alice()
    open_account(alice.pk)
    before = everything()
    assert open_account(alice.pk) == wallet(alice).pk
    assert everything() == before


def test_signing_up_opens_the_account(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        user = create_user(handle="newcomer", email="new@example.org", password=None, roles=())
    assert wallet(user).cash == 1_000 * CASH_SCALE


def test_a_grant_opens_the_account_if_there_is_none():
    alice = make_alice()
    transfer = grant(user_id=alice.pk, amount=5 * CASH_SCALE, memo="For a good idea")
    assert (transfer.kind, transfer.memo) == ("grant", "For a good idea")
    assert wallet(alice).cash == 1_005 * CASH_SCALE


@pytest.mark.parametrize(("amount", "memo"), [(0, ""), (-1, ""), (GRANT_MAX + 1, ""), (10**19, ""), (1, "x" * 201)])
def test_a_wrong_grant_is_refused(amount, memo):
    alice = make_alice()
    before = everything()
    with pytest.raises(GrantInvalid):
        grant(user_id=alice.pk, amount=amount, memo=memo)
    assert everything() == before


@pytest.mark.parametrize("fullness", [-(2**63) + 1, 2**63 - 1])
def test_a_grant_that_an_account_cannot_hold_is_refused(fullness):
    alice = make_alice()
    open_account(alice.pk)
    full = {"kind": "issuance"} if fullness < 0 else {"user": alice}
    Account.objects.filter(**full).update(cash=fullness)
    before = everything()
    with pytest.raises(GrantInvalid) as told:
        grant(user_id=alice.pk, amount=GRANT_MAX, memo="")
    assert [error.pointer for error in told.value.errors] == ["/amount"]
    assert everything() == before


def test_opening_a_market_funds_its_maker_rule():
    market = make_draft(liquidity_lots=LIQUIDITY)
    seq = open_market(market.pk)
    given = subsidy(LIQUIDITY, 2)
    cash = dict(Account.objects.filter(market=market).values_list("kind", "cash"))
    assert cash == {"collateral": 0, "maker": given, "fees": 0}
    assert Account.objects.get(kind="issuance").cash == -given
    transfer = LedgerTransfer.objects.get()
    assert (transfer.kind, transfer.market_id, transfer.seq) == ("subsidy", market.pk, seq)
    book = MarketBook.objects.get(market=market)
    assert (book.seq, book.prices, book.maker_quantities) == (seq, [500_000, 500_000], [0, 0])
    market.refresh_from_db()
    assert market.status == "open"


def test_a_market_without_maker_rule_needs_no_money():
    market = make_categorical_draft()
    open_market(market.pk)
    assert not LedgerTransfer.objects.exists()
    assert MarketBook.objects.get(market=market).prices == [333_333] * 3
