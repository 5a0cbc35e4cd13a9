"""The comments of the market page work without scripts."""

from typing import Any

import pytest
from django.test import Client

from accounts.types import Role
from markets.models import Comment, Market
from markets.services.post_comment import post_comment
from tests.factories.accounts import make_alice, make_bob, make_carol, make_user
from tests.factories.markets import make_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return make_market(slug="rain")


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_post_and_reply(market: Market) -> None:
    alice, bob = _client(make_alice()), _client(make_bob())
    answer = alice.post("/markets/rain/comments", {"text": "It **will**. <b>", "parent_id": ""})
    root = Comment.objects.get()
    assert answer.headers["Location"] == f"/markets/rain#comment-{root.pk}"
    bob.post("/markets/rain/comments", {"text": "No.", "parent_id": str(root.pk)})
    page = Client().get("/markets/rain").content.decode()
    assert "It <strong>will</strong>. &lt;b&gt;" in page
    assert page.index("It <strong>will") < page.index("<p>No.</p>")
    assert "Sign in</a> to say something" in page


def test_a_refusal_keeps_the_words(market: Market) -> None:
    alice = _client(make_alice())
    alice.post("/markets/rain/comments", {"text": "Twice."})
    answer = alice.post("/markets/rain/comments", {"text": "Twice."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Your comment is there already" in page
    assert ">Twice.</textarea>" in page
    assert Comment.objects.count() == 1


def test_visitors_and_those_without_a_role_only_read(market: Market) -> None:
    assert Client().post("/markets/rain/comments", {"text": "Me."}).headers["Location"].startswith("/accounts/login")
    carol = _client(make_carol())
    assert carol.post("/markets/rain/comments", {"text": "Me."}).status_code == 403
    assert b"comment-form" not in carol.get("/markets/rain").content
    assert not Comment.objects.exists()


def test_authors_delete_and_moderators_hide(market: Market) -> None:
    alice, bob = make_alice(), make_bob()
    first = post_comment(market_id=market.pk, author_id=alice.pk, text="First.")
    second = post_comment(market_id=market.pk, author_id=bob.pk, text="Second.")
    mona = _client(make_user("mona", roles=(Role.TRADER, Role.MODERATOR)))
    _client(alice).post(f"/comments/{second}/remove", {"reason": "I don't like it."})
    assert Comment.objects.filter(status="shown").count() == 2
    _client(alice).post(f"/comments/{first}/remove")
    mona.post(f"/comments/{second}/remove", {"reason": "It is spam."})
    page = Client().get("/markets/rain").content.decode()
    assert "Deleted by its author." in page
    assert "Hidden by a moderator: It is spam." in page
    assert "First." not in page
    assert "Second." not in page


def test_older_threads(market: Market, django_assert_max_num_queries: Any) -> None:
    alice = make_alice()
    for number in range(17):
        post_comment(market_id=market.pk, author_id=alice.pk, text=f"Word {number:02}.")
    page = Client().get("/markets/rain").content.decode()
    assert "Word 16." in page
    assert "Word 01." not in page
    link = page.split('data-more-comments href="')[1].split('"')[0]
    older = Client().get(link).content.decode()
    assert "Word 01." in older
    assert "<html" in older
    assert "<html" not in Client().get(link, headers={"X-Requested-With": "fetch"}).content.decode()
    assert Client().get("/markets/rain/comments?cursor=nonsense").status_code == 302


def test_reactions_with_and_without_scripts(market: Market) -> None:
    alice, bob = make_alice(), _client(make_bob())
    number = post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")
    answer = bob.post(f"/comments/{number}/react", {"add": "agree"})
    assert answer.headers["Location"] == f"/markets/rain#comment-{number}"
    page = Client().get("/markets/rain").content.decode()
    assert 'Agree <span class="num">1</span>' in page
    assert "data-react" not in page
    assert 'name="take_back" value="agree" aria-pressed="true"' in bob.get("/markets/rain").content.decode()
    part = bob.post(f"/comments/{number}/react", {"take_back": "agree"}, headers={"X-Requested-With": "fetch"})
    assert "<html" not in part.content.decode()
    assert 'name="add" value="agree" aria-pressed="false"' in part.content.decode()
    assert Comment.objects.get().reactions == {}
    assert bob.post(f"/comments/{number}/react", {"add": "love"}).status_code == 400
    assert Client().post(f"/comments/{number}/react", {"add": "agree"}).headers["Location"].startswith("/accounts/")
    _client(make_carol()).post(f"/comments/{number}/react", {"add": "agree"})
    assert Comment.objects.get().reactions == {}
