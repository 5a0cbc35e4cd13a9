"""The optimizer's board, as staff and others meet it."""

import pytest
from django.test import Client

from accounts.types import Role
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.services.decide_recommendation import approve_recommendation
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.monitoring.optimizer.proposed import keep_recommendation

pytestmark = pytest.mark.django_db


def page(client: Client, part: str = "") -> str:
    answer = client.get("/operations/optimizer" + part)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_says_what_why_and_how_sure(client: Client, site: None) -> None:
    client.force_login(make_dave())
    keep_recommendation(number=57)
    text = page(client)
    for words in (
        "Requests wait for a thread",
        "One request in twenty waits 180 ms",
        "Set http_threads to 48 threads",
        "Thread wait −50% (−95% to −10%)",
        'Confidence <span class="num">0.60',
        'data-decide="approve" data-id="57"',
        "Strategy balanced: an optimisation every 300 s",
    ):
        assert words in text
    assert "<style" not in text
    assert " style=" not in text


def test_a_change_in_force_can_be_taken_back(client: Client, site: None) -> None:
    dave = make_dave()
    client.force_login(dave)
    approve_recommendation(actor_id=dave.pk, recommendation_id=keep_recommendation(number=57).pk)
    Recommendation.objects.update(status="kept", change=-0.4, change_low=-0.6, change_high=-0.2, pairs=30)
    text = page(client, "?part=board")
    assert "Thread wait −40% (−60% to −20%) at the same load, 30 moments" in text
    assert 'data-decide="revert" data-id="57"' in text
    assert 'data-decide="approve"' not in text
    assert "<html" not in text


def test_analysts_see_no_buttons_and_traders_nothing(client: Client, site: None) -> None:
    keep_recommendation(number=57)
    client.force_login(make_user("ana", roles=(Role.TRADER, Role.ANALYST)))
    text = page(client)
    assert "Requests wait for a thread" in text
    assert "data-decide" not in text
    assert "data-switch" not in text
    client.force_login(make_alice())
    assert client.get("/operations/optimizer").status_code == 403
