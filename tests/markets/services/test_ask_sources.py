"""Markets whose answer the site reads itself, from a real server."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from common import clock
from common.errors import DomainError
from markets.errors import ActionNotAllowed, MarketInvalid
from markets.models import AnswerSource, Market, MarketEvent
from markets.services.ask_sources import ATTEMPTS_MAX, ask_due_sources
from markets.services.close_market import close_market
from markets.services.edit_draft import edit_draft
from markets.services.open_market import open_market
from markets.services.propose_resolution import propose_resolution
from markets.types import AnswerSpec, MarketKind, ResolutionPolicy, ScaleSpec
from tests.common.outgoing.receivers import Receiver, answering, receiver
from tests.factories.accounts import make_dave
from tests.factories.markets import make_draft, make_spec

pytestmark = pytest.mark.django_db
SOURCE = ResolutionPolicy.SOURCE
MM = b'{"station": "Lisbon", "data": [{"mm": 12.40}]}'


def market_asking(found: Receiver | None, settings: Any, rule: str = ">= 10", **fields: Any) -> Market:
    """A market that has just closed, and asks ``found`` (nobody, if it is empty)."""
    url = "http://127.0.0.1:9/rain" if found is None else found.url("/rain")
    settings.OUTGOING_ALLOWED_HOSTS = (url.split("/")[2],)
    asked = AnswerSpec(url=url, pointer="/data/0/mm", rule=rule)
    draft = make_draft(resolution_policy=SOURCE, answer_source=asked, **fields)
    open_market(market_id=draft.pk, actor_id=None)
    close_market(market_id=draft.pk, actor_id=None)
    draft.refresh_from_db()
    return draft


def unchanged(market: Market) -> bool:
    market.refresh_from_db()
    return (market.status, market.proposed_payouts, market.payouts) == ("closed", None, None)


def test_what_is_read_becomes_a_proposal_with_its_evidence(settings: Any, client: Client) -> None:
    with receiver(answering(200, MM)) as found:
        market = market_asking(found, settings)
        assert ask_due_sources() == 1
        assert ask_due_sources() == 0
        assert len(found.requests) == 1
        url = found.url("/rain")
    market.refresh_from_db()
    assert (market.status, market.proposed_payouts, market.proposed_by_id) == ("proposed", [10_000, 0], None)
    assert market.proposal_reason == f"Read at /data/0/mm of {url}: 12.40"
    assert market.proposed_at is not None
    assert market.challenge_ends_at == market.proposed_at + timedelta(seconds=market.challenge_window_s)
    source = AnswerSource.objects.get(market=market)
    assert (source.value, source.evidence, source.failure, source.ask_at) == ("12.40", MM.decode(), "", None)
    page = client.get(f"/markets/{market.slug}/").content.decode()
    assert "What the source said" in page
    document = client.get(f"/api/v1/markets/{market.pk}").json()
    assert document["answer_source"] == {
        "url": url, "pointer": "/data/0/mm", "rule": ">= 10", "delay_s": 0, "evidence": MM.decode(), "failure": "",
    }  # fmt: skip


def test_a_value_picks_its_bucket(settings: Any) -> None:
    with receiver(answering(200, MM)) as found:
        scale = ScaleSpec(lower="0", upper="30", buckets=3, unit="mm")
        market = market_asking(found, settings, rule="", kind=MarketKind.NUMERIC, scale=scale)
        assert ask_due_sources() == 1
    market.refresh_from_db()
    assert (market.proposed_payouts, str(market.proposed_value)) == ([0, 10_000, 0], "12.400000")


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (200, b"<html>", "no JSON"),
        (200, b'{"data": []}', "nothing at /data/0/mm"),
        (200, b'{"data": [{"mm": "soon"}]}', "no number"),
        (503, MM, "status 503"),
        (302, MM, "status 302"),
        (200, b'{"data": [{"mm": 12.4}]}' + b" " * 70_000, "too long"),
    ],
)
def test_what_cant_be_read_is_asked_again_and_never_guessed(settings: Any, status: int, body: bytes, word: str) -> None:
    with receiver(answering(status, body)) as found:
        market = market_asking(found, settings)
        assert ask_due_sources() == 0
    assert unchanged(market)
    source = AnswerSource.objects.get(market=market)
    assert word in source.failure
    assert source.asked_at is not None
    assert (source.attempts, source.ask_at) == (1, source.asked_at + timedelta(seconds=60))


def test_staff_take_over_when_it_stays_unreadable(settings: Any, client: Client) -> None:
    market = market_asking(None, settings)
    for attempt in range(ATTEMPTS_MAX):
        AnswerSource.objects.update(ask_at=clock.now() - timedelta(seconds=1))
        assert ask_due_sources() == 0
        assert Market.objects.get(pk=market.pk).is_staff_turn == (attempt == ATTEMPTS_MAX - 1)
    source = AnswerSource.objects.get(market=market)
    assert (source.attempts, source.ask_at) == (ATTEMPTS_MAX, None)
    record = MarketEvent.objects.filter(market=market).latest("seq")
    assert (record.kind, record.actor_id) == ("staff_called", None)
    assert record.data["reason"].startswith("The data source can't be read: ")
    assert "Staff name this one" in client.get(f"/markets/{market.slug}/").content.decode()
    propose_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=[10_000, 0], reason="I have called them.")
    market.refresh_from_db()
    assert market.status == "proposed"


def test_nobody_else_proposes_and_it_is_asked_after_its_delay_only(settings: Any) -> None:
    with receiver(answering(200, MM)) as found:
        market = market_asking(found, settings)
        with pytest.raises(ActionNotAllowed):
            propose_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=[10_000, 0], reason="I know it.")
        assert unchanged(market)
        AnswerSource.objects.update(ask_at=clock.now() + timedelta(hours=1))
        assert ask_due_sources() == 0
        assert found.connections == 0
        Market.objects.filter(pk=market.pk).update(is_staff_turn=True)
        AnswerSource.objects.update(ask_at=clock.now() - timedelta(seconds=1))
        assert ask_due_sources() == 0
        assert found.connections == 0
    assert AnswerSource.objects.get(market=market).ask_at is None


def test_the_first_question_comes_after_the_delay(settings: Any) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ()
    asked = AnswerSpec(url="https://example.org/rain.json", rule="> 0", delay_s=900)
    draft = make_draft(resolution_policy=SOURCE, answer_source=asked)
    open_market(market_id=draft.pk, actor_id=None)
    assert AnswerSource.objects.get(market=draft).ask_at is None
    now = clock.now()
    with time_machine.travel(now, tick=False):
        close_market(market_id=draft.pk, actor_id=None)
    assert AnswerSource.objects.get(market=draft).ask_at == now + timedelta(seconds=900)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"resolution_policy": SOURCE}, "/answer_source"),
        ({"answer_source": AnswerSpec(url="https://example.org/", rule="> 1")}, "/answer_source"),
        ({"url": "http://example.org/a"}, "/answer_source/url"),
        ({"url": "https://127.0.0.1/a"}, "/answer_source/url"),
        ({"url": "https://169.254.169.254/latest"}, "/answer_source/url"),
        ({"url": "ftp://example.org/a"}, "/answer_source/url"),
        ({"pointer": "data"}, "/answer_source/pointer"),
        ({"rule": "maybe"}, "/answer_source/rule"),
        ({"delay_s": -1}, "/answer_source"),
    ],
)
def test_a_wrong_source_is_named_and_nothing_is_made(settings: Any, fields: dict[str, Any], pointer: str) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ()
    if not {"resolution_policy", "answer_source"} & fields.keys():
        asked = AnswerSpec(**{"url": "https://example.org/a", "rule": "> 1", **fields})
        fields = {"resolution_policy": SOURCE, "answer_source": asked}
    with pytest.raises(MarketInvalid) as refused:
        make_draft(**fields)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Market.objects.exists()


def test_a_draft_may_change_its_mind(settings: Any) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ()
    asked = AnswerSpec(url="https://example.org/a", rule="> 1")
    draft = make_draft(resolution_policy=SOURCE, answer_source=asked)
    edit_draft(market_id=draft.pk, actor_id=make_dave().pk, spec=make_spec())
    assert not AnswerSource.objects.exists()
    with pytest.raises(DomainError):
        edit_draft(market_id=draft.pk, actor_id=make_dave().pk, spec=make_spec(resolution_policy=SOURCE))
