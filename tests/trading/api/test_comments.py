"""Comments through the API: who may, what they see, and how fast."""

import pytest

from accounts.types import Role
from markets.models import Comment, Market
from tests.factories.accounts import make_user
from tests.factories.markets import make_draft
from tests.trading.api.conftest import Api, api_of


def _post(api: Api, market: Market, text: str = "Rain.", **fields: object) -> dict[str, object]:
    answer = api.post(f"/markets/{market.slug}/comments", {"text": text, **fields})
    assert answer.status_code == 201, answer.content
    found: dict[str, object] = answer.json()
    return found


def test_a_traders_position_is_shown(alice: Api, bob: Api, anonymous: Api, market: Market) -> None:
    alice.post("/orders", {"market_id": market.pk, "outcome": "no", "side": "buy", "type": "market", "quantity": "12"})
    said = _post(alice, market)
    assert said["position"] == {"outcome": "no", "quantity": "12"}
    reply = _post(bob, market, "No.", parent_id=said["id"])
    assert (reply["position"], reply["thread_id"], reply["parent_id"]) == (None, said["id"], said["id"])
    threads = anonymous.get(f"/markets/{market.pk}/comments").json()
    assert [(item["id"], item["replies"]) for item in threads["items"]] == [(said["id"], 1)]
    replies = anonymous.get(f"/comments/{said['id']}/replies").json()["items"]
    assert [item["author"] for item in replies] == ["bob"]


def test_who_may(alice: Api, carol: Api, dave: Api, anonymous: Api, market: Market) -> None:
    said = _post(alice, market)
    body, path = {"text": "Me too."}, f"/comments/{said['id']}"
    assert anonymous.post(f"/markets/{market.pk}/comments", body).status_code == 401
    assert carol.post(f"/markets/{market.pk}/comments", body).json()["code"] == "auth.permission_missing"
    assert dave.delete(path).json()["code"] == "comment.not_yours"
    assert dave.post(f"{path}/hide", {"reason": "Not for operators."}).status_code == 403
    assert Comment.objects.get().status == "shown"
    mona = api_of(make_user("mona", roles=(Role.TRADER, Role.MODERATOR)), "trade")
    hidden = mona.post(f"{path}/hide", {"reason": "It is off the topic."}).json()
    assert (hidden["text"], hidden["html"], hidden["status"]) == ("", "", "hidden")
    assert mona.post(f"{path}/restore", {"reason": "It was not."}).json()["text"] == "Rain."
    assert alice.delete(path).json()["status"] == "deleted"


def test_drafts_and_unknown_comments_are_404(alice: Api, anonymous: Api) -> None:
    draft = make_draft()
    assert alice.post(f"/markets/{draft.pk}/comments", {"text": "Soon."}).status_code == 404
    assert anonymous.get(f"/markets/{draft.pk}/comments").status_code == 404
    assert anonymous.get("/comments/4711").json()["code"] == "comment.not_found"
    assert anonymous.get(f"/comments/{10**18}0/replies").status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.redis
def test_eleven_in_a_row_are_too_many(alice: Api, market: Market) -> None:
    for number in range(10):
        _post(alice, market, f"Point {number}.")
    answer = alice.post(f"/markets/{market.pk}/comments", {"text": "Point 11."})
    assert (answer.status_code, int(answer.headers["Retry-After"]) <= 31) == (429, True)
    assert Comment.objects.count() == 10


def test_reactions(alice: Api, bob: Api, carol: Api, anonymous: Api, market: Market) -> None:
    said = _post(alice, market)
    path = f"/comments/{said['id']}/reactions/insightful"
    assert anonymous.put(path).status_code == 401
    assert carol.put(path).json()["code"] == "auth.permission_missing"
    assert alice.put(path).json()["code"] == "comment.own_reaction"
    assert Comment.objects.get().reactions == {}
    assert bob.put(path).json()["reactions"] == {"insightful": 1}
    assert bob.put(path).json()["reactions"] == {"insightful": 1}
    assert anonymous.get(f"/comments/{said['id']}").json()["reactions"] == {"insightful": 1}
    assert bob.delete(path).json()["reactions"] == {}
    assert bob.put(f"/comments/{said['id']}/reactions/love").status_code == 404
