from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.services import limits
from accounts.types import Limit
from common.clock import now
from tests.factories.rows import row_market, row_topic, row_user
from trading.models import MarketBook

pytestmark = pytest.mark.django_db


def _text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_card_says_price_volume_and_both_buttons(client: Client) -> None:
    market = row_market("Will it rain in Lisbon?", prices=[623_400, 376_600], volume=1_250 * 10**8)
    html = _text(client, "/")
    assert f'href="/markets/{market.slug}?outcome=yes#ticket">Yes <span data-cents="0">62.3¢</span>' in html
    assert f'href="/markets/{market.slug}?outcome=no#ticket">No <span data-cents="1">37.7¢</span>' in html
    assert '<span class="big num" data-price="0">62%</span>' in html
    assert "1.3k traded" in html


def test_many_outcomes_are_bars_of_the_leading_three(client: Client) -> None:
    row_market("Who wins?", outcomes=("Ann", "Ben", "Cem", "Dua"), prices=[100_000, 500_000, 250_000, 150_000])
    html = _text(client, "/")
    assert [html.index(f'title="{name}"') for name in ("Ben", "Cem", "Dua")] == sorted(
        html.index(f'title="{name}"') for name in ("Ben", "Cem", "Dua")
    )
    assert 'title="Ann"' not in html
    assert "+1 more" in html


def test_search_topic_state_and_order_are_in_the_address(client: Client) -> None:
    row_topic("Sport")
    row_market("Will it rain in Lisbon?")
    row_market("Who wins the cup?", topic="Sport", status="resolved", payouts=[10_000, 0])
    assert "cup" not in _text(client, "/?q=rain").split("<main")[1]
    html = _text(client, "/?topic=sport&state=resolved&sort=newest&kind=binary&within=")
    assert "Who wins the cup?" in html
    assert "Resolved: Yes" in html
    assert 'href="/?topic=sport&amp;sort=closing&amp;state=resolved&amp;kind=binary"' in html, "an order keeps the rest"
    assert '<option value="resolved" selected>Resolved</option>' in html


def test_load_more_works_by_link(client: Client) -> None:
    for number in range(26):
        row_market(f"Question {number}?")
    first = client.get("/?sort=newest")
    following = client.get(first.context["page"].next_href)
    shown = [card.market.question for page in (first, following) for card in page.context["page"].cards]
    assert shown == [f"Question {number}?" for number in range(25, -1, -1)]
    assert following.context["page"].next_href == ""


@pytest.mark.parametrize("query", ["cursor=nonsense", "sort=worst", "state=odd", "topic=%00", "q=%00", "q=%25_%5C'"])
def test_odd_addresses_show_the_beginning(client: Client, query: str) -> None:
    _text(client, f"/?{query}")


def test_nothing_found_says_what_to_do(client: Client) -> None:
    html = _text(client, "/?q=zebra")
    assert "No market matches these words" in html
    assert 'href="/?state=all"' in html


def test_the_question_is_escaped(client: Client) -> None:
    row_market("Is <script>alert(1)</script> a question?")
    assert "<script>alert" not in _text(client, "/")


def test_queries_dont_grow_with_markets(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        row_market(f"Question {number}?")
    # markets, sparklines, four shelves, masthead
    with django_assert_num_queries(7):
        client.get("/")


def test_queries_of_a_trader(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.force_login(row_user("alice"))
    row_market()
    client.get("/")
    # and the user and what the role sees; the session is in the cache
    with django_assert_num_queries(9):
        client.get("/")


def test_a_visitor_is_asked_to_sign_in_and_a_trader_sees_the_balance(client: Client) -> None:
    assert "Sign up" in _text(client, "/")
    client.force_login(row_user("alice"))
    html = _text(client, "/")
    assert "Sign up" not in html
    assert 'data-live="available"' in html


def test_the_theme_cookie_is_in_the_first_paint(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert '<html lang="en-gb" data-zone="UTC" data-theme="dark">' in _text(client, "/")
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en-gb" data-zone="UTC">' in _text(client, "/")


def test_searches_are_limited_by_network_and_pages_are_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH", Limit("search-by-network", 2, 600))
    row_market("Will it rain in Lisbon?")
    reader, other = {"REMOTE_ADDR": "192.0.2.81"}, {"REMOTE_ADDR": "192.0.2.82"}
    *answers, refused = [client.get(f"/?q=rain{number}", **reader) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert refused.status_code == 429
    assert 290 < int(refused.headers["Retry-After"]) <= 301
    assert "Too many attempts" in refused.content.decode()
    assert client.get("/", **reader).status_code == 200
    assert client.get("/?q=rain", **other).status_code == 200


def test_searches_of_an_account_are_counted_wherever_it_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH", Limit("search-by-account", 2, 600))
    client.force_login(row_user("alice"))
    addresses = ["192.0.2.91", "192.0.2.92", "192.0.2.93"]
    assert [client.get("/?q=rain", REMOTE_ADDR=address).status_code for address in addresses] == [200, 200, 429]


def test_pages_have_a_limit_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", Limit("pages-by-network", 2, 600))
    slug, reader = row_market("Will it rain in Lisbon?").slug, {"REMOTE_ADDR": "192.0.2.84"}
    paths = [f"/markets/{slug}", f"/markets/{slug}/trades", "/"]
    assert [client.get(path, **reader).status_code for path in paths] == [200, 200, 429]


def test_the_front_says_what_moves_what_closes_and_what_is_new(client: Client) -> None:
    market = row_market("Will it rain in Lisbon?", prices=[620_000, 380_000])
    MarketBook.objects.filter(market=market).update(prices_24h_ago=[500_000, 500_000])
    row_market("Is it calm?")
    moving = client.get("/").context["page"].moving
    assert [card.question for card in moving.movers] == ["Will it rain in Lisbon?"]
    assert [card.question for card in moving.newest] == ["Is it calm?", "Will it rain in Lisbon?"]
    assert (len(moving.closing), len(moving.busiest)) == (2, 2)
    assert "Up 12.0 percentage points" in _text(client, "/")


@pytest.mark.parametrize("query", ["q=rain", "sort=movers", "kind=binary", "within=week", "state=all", "tag=weather"])
def test_whoever_asks_for_something_gets_the_list_alone(client: Client, query: str) -> None:
    row_market("Will it rain in Lisbon?")
    assert client.get(f"/?{query}").context["page"].moving is None


def test_a_topic_has_a_page_and_an_unknown_one_has_none(client: Client) -> None:
    row_market("Who wins the cup?", topic="Sport")
    row_market("Will it rain?")
    html = _text(client, "/topics/sport").split("<main")[1]
    assert "<h1>Sport</h1>" in html
    assert "Who wins the cup?" in html
    assert "Will it rain?" not in html
    assert 'href="/topics/sport?sort=movers"' in html
    assert client.get("/topics/nothing").status_code == 404


def test_a_tag_has_a_page(client: Client) -> None:
    row_market("Will it rain?", tags=["weather"])
    row_market("Who wins the cup?")
    html = _text(client, "/tags/weather?state=all").split("<main")[1]
    assert "Will it rain?" in html
    assert "Who wins the cup?" not in html
    assert "No market here yet" in _text(client, "/tags/none")


def test_any_tag_and_event_can_be_linked(client: Client) -> None:
    market = row_market("Will it rain?", tags=["a/b c?d"], event_group="x/y z")
    head = _text(client, f"/markets/{market.slug}")
    assert 'href="/tags/a/b%20c%3Fd"' in head
    assert 'href="/events/x/y%20z"' in head
    page = client.get("/tags/a%2Fb%20c%3Fd").context["page"]
    assert [card.market.question for card in page.cards] == ["Will it rain?"]
    assert page.asked.href(sort="movers") == "/tags/a%2Fb%20c%3Fd?sort=movers"
    assert client.get("/events/x/y%20z").status_code == 200


def test_a_form_that_narrows_keeps_what_was_asked(client: Client) -> None:
    row_market("Will it rain?", tags=["weather"])
    html = _text(client, "/topics/science?tag=weather&q=rain&sort=movers&kind=binary")
    assert '<form class="narrow" action="/topics/science" method="get" data-narrow>' in html
    for name, value in (("q", "rain"), ("tag", "weather"), ("sort", "movers")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    assert '<input type="hidden" name="topic"' not in html


def test_what_closes_within_a_week(client: Client) -> None:
    row_market("Soon?", closes_at=now() + timedelta(days=2))
    row_market("Late?", closes_at=now() + timedelta(days=9))
    page = client.get("/?within=week").context["page"]
    assert [card.market.question for card in page.cards] == ["Soon?"]


def test_suggestions_are_a_fragment_with_topics_and_markets(client: Client) -> None:
    market = row_market("Will sport be fun?", topic="Sport", prices=[620_000, 380_000])
    html = _text(client, "/search/suggestions?q=spo")
    assert 'href="/topics/sport"' in html
    assert f'href="/markets/{market.slug}"' in html
    assert '<b class="num">62%</b>' in html
    assert "<html" not in html
    assert "Press Enter to search everywhere" in _text(client, "/search/suggestions?q=%00zz")
