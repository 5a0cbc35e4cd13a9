"""Leaderboards, traders and calibration: what they say, what they hide, and what they cost."""

from typing import Any

import pytest
from django.test import Client

from analytics.skill.models import Follow, Profile, Standing
from analytics.skill.selectors.boards import BoardRow, board
from analytics.skill.types import Board
from common.paging import CursorInvalid
from tests.analytics.business.days import Days
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def test_boards_are_sorted_page_by_page_and_leave_private_profiles_out(lived: Days, client: Client) -> None:
    whole = list(Standing.objects.filter(season="all", topic_id=0).order_by("-profit", "user_id"))
    assert len(whole) >= 4
    found: list[BoardRow] = []
    cursor = None
    while True:
        page = board(Board.PROFIT, limit=2, cursor=cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [(row.user_id, row.profit) for row in found] == [(row.user_id, row.profit) for row in whole]
    scored = [row.brier_gain for row in board(Board.BRIER).items]
    assert scored == sorted(scored, reverse=True)
    assert len(scored) == Standing.objects.filter(season="all", topic_id=0, scored__gt=0).count()
    with pytest.raises(CursorInvalid):
        board(Board.LOG, cursor=board(Board.PROFIT, limit=1).next_cursor)
    Profile.objects.create(user_id=whole[0].user_id, is_private=True)
    assert whole[0].user_id not in {row.user_id for row in board(Board.PROFIT).items}


def test_the_page_of_a_board(lived: Days, client: Client, django_assert_max_num_queries: Any) -> None:
    for address in ("/leaderboards", "/leaderboards?by=brier&season=2026-06", "/leaderboards?by=log"):
        with django_assert_max_num_queries(11):
            answer = client.get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert page.count('<a href="/traders/day') == len(answer.context["page"].ranked) > 0
        assert "June 2026" in page
    assert client.get("/leaderboards?topic=nothing").status_code == 404
    assert client.get("/leaderboards?cursor=abc").status_code == 200
    assert client.get("/leaderboards?by=luck&season=1999-01").status_code == 200


def test_calibration_tells_every_tenth(lived: Days, client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(11):
        answer = client.get("/calibration?hours=1")
    found = answer.context["page"].found
    assert found.count == sum(one.count for one in found.bins) > 0
    assert answer.content.decode().count('class="curve-dot"') == sum(one.count > 0 for one in found.bins)
    assert client.get("/calibration?topic=nothing").status_code == 404
    assert client.get("/calibration?hours=5").status_code == 200


def test_a_trader_and_what_a_private_one_hides(lived: Days, client: Client, django_assert_max_num_queries: Any) -> None:
    user = lived.users[0]
    with django_assert_max_num_queries(11):
        answer = client.get(f"/traders/{user.username}")
    page = answer.content.decode()
    assert "Calibration" in page
    assert "Profit over time" in page
    Profile.objects.create(user=user, is_private=True, about="I like <b>rain</b>.")
    hidden = client.get(f"/traders/{user.username}")
    assert "This profile is private" in hidden.content.decode()
    assert "I like &lt;b&gt;rain&lt;/b&gt;." in hidden.content.decode()
    assert hidden.context["page"].record is None
    assert hidden.context["page"].trades == hidden.context["page"].positions == ()
    client.force_login(user)
    assert client.get(f"/traders/{user.username}").context["page"].record is not None
    assert client.get("/traders/DAY0").headers["Location"] == "/traders/day0"
    assert client.get("/traders/nobody").status_code == 404


def test_following_and_stopping(client: Client) -> None:
    reader, trader = make_user("day0"), make_user("day1")
    assert client.post("/traders/day1/follow").status_code == 302
    assert not Follow.objects.exists()
    client.force_login(reader)
    client.post("/traders/day1/follow", {"intent": "follow"})
    client.post("/traders/day1/follow", {"intent": "follow"})
    assert list(Follow.objects.values_list("follower_id", "trader_id")) == [(reader.pk, trader.pk)]
    assert "Stop following" in client.get("/traders/day1").content.decode()
    client.post("/traders/day1/follow", {"intent": "unfollow"})
    client.post("/traders/day0/follow", {"intent": "follow"})
    assert not Follow.objects.exists()


def test_ones_own_profile_is_kept_or_refused(client: Client) -> None:
    user = make_user("day0")
    assert client.get("/settings/profile").status_code == 302
    client.force_login(user)
    client.post("/settings/profile", {"about": " A  trader ", "is_private": "on"})
    kept = Profile.objects.get(pk=user.pk)
    assert (kept.about, kept.is_private) == ("A trader", True)
    refused = client.post("/settings/profile", {"about": "x" * 281})
    assert refused.status_code == 422
    assert "at most 280" in refused.content.decode()
    kept.refresh_from_db()
    assert (kept.about, kept.is_private) == ("A trader", True)
