import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories.rows import row_market

pytestmark = pytest.mark.django_db


def test_only_the_embed_may_be_framed_and_it_runs_nothing(client: Client) -> None:
    market = row_market("Is <b>x</b> a question?", prices=[623_400, 376_600])
    answer = client.get(f"/embed/markets/{market.slug}?theme=dark")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    html = answer.content.decode()
    assert "<b>62%</b> chance of yes" in html
    assert 'data-theme="dark"' in html
    assert "<b>x</b>" not in html
    assert not re.search("<script|<form|<input|Set-Cookie", html)
    assert not answer.cookies
    assert len(html) < 4_000
    page = client.get(f"/markets/{market.slug}")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_many_outcomes_are_bars_and_a_draft_is_nowhere(client: Client) -> None:
    market = row_market("Who?", outcomes=("Ann", "Ben"), prices=[300_000, 700_000])
    html = client.get(f"/embed/markets/{market.slug}?theme=%22x").content.decode()
    assert html.index("Ben") < html.index("Ann")
    assert "data-theme" not in html
    assert client.get(f"/embed/markets/{row_market(status='draft').slug}").status_code == 404


def test_a_shared_link_tells_the_question_and_the_price(client: Client) -> None:
    market = row_market("Will </script> rain?", prices=[623_400, 376_600], tags=["weather"])
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert '<meta property="og:title" content="Will &lt;/script&gt; rain?">' in html
    assert 'content="62% Yes. The weather service decides."' in html
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found is not None
    told = json.loads(found[1])
    assert told["name"] == "Will </script> rain?"
    assert told["url"].endswith(f"/markets/{market.slug}")
    assert told["keywords"] == "weather"


def test_search_engines_find_what_is_published(client: Client) -> None:
    market, draft = row_market(), row_market(status="draft")
    text = client.get("/robots.txt").content.decode()
    address = re.search(r"Sitemap: (\S+)", text)
    assert address is not None
    assert address[1].endswith("/sitemap.xml")
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    places = [place.text or "" for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert [place for place in places if place.endswith(f"/markets/{market.slug}")] != []
    assert [place for place in places if draft.slug in place] == []
    assert any(place.endswith("/topics/science") for place in places)
