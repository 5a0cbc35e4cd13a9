"""Comments are posted, answered, deleted and hidden; a refusal leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import AuditRecord
from common import bus, clock
from markets.errors import (
    CommentInvalid,
    CommentNotFound,
    CommentNotYours,
    CommentRepeated,
    MarketNotFound,
    ReactionToOwn,
)
from markets.events import CommentPosted, CommentVisibilityChanged
from markets.models import Comment, Market, Reaction
from markets.selectors.comments import comment, comment_replies, comment_threads, whole_threads
from markets.services.moderate_comment import delete_comment, hide_comment, restore_comment
from markets.services.post_comment import post_comment
from markets.services.react import add_reaction, forget_reactions, take_back_reaction
from markets.types import ReactionKind
from tests.factories.accounts import make_alice, make_bob, make_dave
from tests.factories.markets import make_draft, make_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return make_market()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []
    for event in (CommentPosted, CommentVisibilityChanged):
        monkeypatch.setitem(bus._handlers, event, [seen.append])
    return seen


def test_a_thread_with_replies(
    market: Market, told: list[Any], django_capture_on_commit_callbacks: Any, django_assert_num_queries: Any
) -> None:
    alice, bob = make_alice(), make_bob()
    with django_capture_on_commit_callbacks(execute=True):
        root = post_comment(market_id=market.pk, author_id=alice.pk, text=" Rain **today**. ", position=(1, 120_000))
        reply = post_comment(market_id=market.pk, author_id=bob.pk, text="No.", parent_id=root)
        answer = post_comment(market_id=market.pk, author_id=alice.pk, text="Yes.", parent_id=reply)
        other = post_comment(market_id=market.pk, author_id=bob.pk, text="Another matter.")
    assert told == [CommentPosted(number, market.pk) for number in (root, reply, answer, other)]
    with django_assert_num_queries(1):
        page = comment_threads(market.pk, limit=1)
    assert [view.id for view in page.items] == [other]
    (first,) = comment_threads(market.pk, limit=1, cursor=page.next_cursor).items
    assert (first.id, first.text, first.html) == (root, "Rain **today**.", "<p>Rain <strong>today</strong>.</p>")
    assert (first.outcome_slug, first.quantity, first.replies) == ("no", 120_000, 2)
    assert [(v.id, v.thread_id, v.parent_author) for v in comment_replies(root).items] == [
        (reply, root, "alice"),
        (answer, root, "bob"),
    ]
    with django_assert_num_queries(1):
        page, newest = whole_threads(market.pk, limit=2, replies=1)
    assert [view.id for view in page.items] == [other, root]
    assert {thread_id: [view.id for view in views] for thread_id, views in newest.items()} == {root: [answer]}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4_001, "a\x00b", "a\u202eb", "\ud800"])
def test_bad_words_are_refused(market: Market, text: str) -> None:
    with pytest.raises(CommentInvalid) as refusal:
        post_comment(market_id=market.pk, author_id=make_alice().pk, text=text)
    assert refusal.value.errors[0].pointer == "/text"
    assert not Comment.objects.exists()


def test_replies_stay_in_their_market_and_drafts_are_silent(market: Market) -> None:
    alice, elsewhere = make_alice(), make_market()
    root = post_comment(market_id=market.pk, author_id=alice.pk, text="Here.")
    with pytest.raises(CommentInvalid) as refusal:
        post_comment(market_id=elsewhere.pk, author_id=alice.pk, text="There.", parent_id=root)
    assert refusal.value.errors[0].pointer == "/parent_id"
    with pytest.raises(MarketNotFound):
        post_comment(market_id=make_draft().pk, author_id=alice.pk, text="Soon.")
    assert Comment.objects.count() == 1


def test_the_same_words_count_once_a_minute(market: Market) -> None:
    alice = make_alice()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")
        with pytest.raises(CommentRepeated):
            post_comment(market_id=market.pk, author_id=alice.pk, text="Rain. ")
        assert Comment.objects.count() == 1
        traveller.shift(timedelta(seconds=61))
        post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")


def test_authors_delete_their_own(market: Market, told: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    alice, bob = make_alice(), make_bob()
    number = post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")
    with pytest.raises(CommentNotYours):
        delete_comment(comment_id=number, author_id=bob.pk)
    with pytest.raises(CommentNotFound):
        delete_comment(comment_id=number + 1, author_id=alice.pk)
    assert Comment.objects.get(pk=number).status == "shown"
    with django_capture_on_commit_callbacks(execute=True):
        delete_comment(comment_id=number, author_id=alice.pk)
        delete_comment(comment_id=number, author_id=alice.pk)
    assert told == [CommentVisibilityChanged(number, market.pk)]
    view = comment(number)
    assert view is not None
    assert (view.status, view.text, view.html) == ("deleted", "", "")
    with pytest.raises(CommentInvalid):
        post_comment(market_id=market.pk, author_id=bob.pk, text="What?", parent_id=number)


def test_hiding_and_showing_again_is_audited(market: Market) -> None:
    dave = make_dave()
    number = post_comment(market_id=market.pk, author_id=make_alice().pk, text="Fools!")
    with pytest.raises(CommentInvalid) as refusal:
        hide_comment(comment_id=number, actor_id=dave.pk, reason=" ")
    assert refusal.value.errors[0].pointer == "/reason"
    assert not AuditRecord.objects.exists()
    hide_comment(comment_id=number, actor_id=dave.pk, reason="It insults others.", ip="192.0.2.1")
    hidden = comment(number)
    assert hidden is not None
    assert (hidden.text, hidden.status, hidden.removal_reason) == ("", "hidden", "It insults others.")
    restore_comment(comment_id=number, actor_id=dave.pk, reason="It was a quotation.")
    shown = comment(number)
    assert shown is not None
    assert (shown.text, shown.status, shown.removal_reason) == ("Fools!", "shown", "")
    records = AuditRecord.objects.order_by("id").values_list("action", "actor_id", "object_id", "reason", "after")
    assert list(records) == [
        ("markets.hide_comment", dave.pk, str(number), "It insults others.", {"status": "hidden"}),
        ("markets.restore_comment", dave.pk, str(number), "It was a quotation.", {"status": "shown"}),
    ]


def test_reactions_are_counted_once_a_person_and_kind(market: Market, django_assert_num_queries: Any) -> None:
    alice, bob, dave = make_alice(), make_bob(), make_dave()
    number = post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")
    for _ in range(2):
        add_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.AGREE)
    add_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.THANKS)
    add_reaction(comment_id=number, user_id=dave.pk, kind=ReactionKind.AGREE)
    with django_assert_num_queries(1):
        (view,) = comment_threads(market.pk, reader_id=bob.pk).items
    assert view.reactions == {"agree": 2, "thanks": 1}
    assert set(view.own_reactions) == {"agree", "thanks"}
    for _ in range(2):
        take_back_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.AGREE)
    forget_reactions(dave.pk)
    after = comment(number, reader_id=bob.pk)
    assert after is not None
    assert (after.reactions, after.own_reactions) == ({"thanks": 1}, ("thanks",))
    assert list(Reaction.objects.values_list("user_id", "kind")) == [(bob.pk, "thanks")]


def test_reactions_that_are_refused_count_nothing(market: Market) -> None:
    alice, bob = make_alice(), make_bob()
    number = post_comment(market_id=market.pk, author_id=alice.pk, text="Rain.")
    with pytest.raises(ReactionToOwn):
        add_reaction(comment_id=number, user_id=alice.pk, kind=ReactionKind.AGREE)
    with pytest.raises(CommentNotFound):
        add_reaction(comment_id=number + 1, user_id=bob.pk, kind=ReactionKind.AGREE)
    add_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.AGREE)
    delete_comment(comment_id=number, author_id=alice.pk)
    with pytest.raises(CommentInvalid):
        add_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.THANKS)
    assert Comment.objects.get().reactions == {"agree": 1}
    view = comment(number)
    assert view is not None
    assert view.reactions == {}
    take_back_reaction(comment_id=number, user_id=bob.pk, kind=ReactionKind.AGREE)
    assert Comment.objects.get().reactions == {}


def test_people_who_are_named_are_links_and_others_are_words(market: Market) -> None:
    alice, bob = make_alice(), make_bob()
    text = "Ask @bob, @bob. or @nobody; not me@bob.example."
    number = post_comment(market_id=market.pk, author_id=alice.pk, text=text)
    view = comment(number)
    assert view is not None
    assert view.people == {bob.username}
    link = '<a href="/traders/bob">@bob</a>'
    assert view.html == f"<p>Ask {link}, {link}. or @nobody; not me@bob.example.</p>"
