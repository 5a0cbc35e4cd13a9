from collections.abc import Iterator

import pytest

from common.bus import publish_on_commit
from tests.factories.rows import row_event, row_market
from trading.events import JournalAdvanced
from trading.selectors import market_pulse as pulses
from trading.selectors.market_pulse import forget_seqs, market_pulse, market_seq, note_seq


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    forget_seqs()
    yield
    forget_seqs()


@pytest.mark.django_db
def test_a_transaction_always_asks() -> None:
    market = row_market(prices=[620_000, 380_000], volume=7)
    assert market_seq(market.id) == 0
    row_event(market)
    assert market_seq(market.id) == 1
    pulse = market_pulse(market.id)
    assert pulse is not None
    assert (pulse.seq, pulse.status, pulse.prices, pulse.volume, pulse.last_trade_at) == (
        1,
        "open",
        [620_000, 380_000],
        7,
        None,
    )
    assert market_seq(market.id + 1) is market_pulse(market.id + 1) is None


@pytest.mark.django_db(transaction=True)
def test_a_commit_of_this_process_is_seen_at_once_and_of_another_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "SEQ_AGE_S", 60.0)
    market = row_market()
    assert market_seq(market.id) == 0
    row_event(market)
    assert market_seq(market.id) == 0
    publish_on_commit(JournalAdvanced(market.id, 1))
    assert market_seq(market.id) == 1
    note_seq(market.id, 0)
    assert market_seq(market.id) == 1
    monkeypatch.setattr(pulses, "SEQ_AGE_S", 0.0)
    forget_seqs()
    row_event(market)
    assert market_seq(market.id) == 2
