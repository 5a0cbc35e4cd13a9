"""Atom feeds tell what is new, escape what people wrote, and answer 304 to whoever has them."""

from xml.etree import ElementTree as Xml

import pytest
from django.test import Client

from tests.factories.accounts import make_alice
from tests.factories.markets import make_draft
from tests.factories.trading import live_market
from trading.services.comment_on_market import comment_on_market

pytestmark = pytest.mark.django_db
_ATOM = "{http://www.w3.org/2005/Atom}"


def _titles(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = Xml.fromstring(answer.content)
    return [entry.findtext(f"{_ATOM}title") or "" for entry in root.findall(f"{_ATOM}entry")]


def test_new_markets_of_all_topics_and_of_one(client: Client) -> None:
    live_market(slug="rain", question="Will it rain?", topic="climate")
    live_market(slug="goal", question="Will they score & win?", topic="sports")
    make_draft(slug="secret", question="Is this a draft?")
    assert _titles(client, "/feeds/markets.atom") == ["Will they score & win?", "Will it rain?"]
    assert _titles(client, "/feeds/topics/climate.atom") == ["Will it rain?"]
    assert _titles(client, "/feeds/topics/nothing.atom") == []


def test_comments_of_a_market_are_sanitised_and_drafts_have_none(client: Client) -> None:
    market = live_market(slug="rain")
    comment_on_market(author_id=make_alice().pk, market_id=market.pk, text="**Sure** <script>alert(1)</script>")
    assert _titles(client, "/feeds/markets/rain/comments.atom") == ["alice wrote"]
    page = client.get("/feeds/markets/rain/comments.atom").content.decode()
    assert "&lt;strong&gt;Sure" in page
    assert "<script" not in page
    assert "&lt;script" not in page
    make_draft(slug="secret")
    assert client.get("/feeds/markets/secret/comments.atom").status_code == 404
    assert client.get("/feeds/markets/nothing/comments.atom").status_code == 404


def test_whoever_has_it_gets_304(client: Client) -> None:
    live_market(slug="rain")
    etag = client.get("/feeds/markets.atom").headers["ETag"]
    again = client.get("/feeds/markets.atom", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    live_market(slug="snow")
    assert client.get("/feeds/markets.atom", headers={"If-None-Match": etag}).status_code == 200
