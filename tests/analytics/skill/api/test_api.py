"""The API of track records tells what the pages tell."""

import pytest
from django.test import Client

from analytics.skill.models import Profile
from analytics.skill.selectors.boards import board
from analytics.skill.types import Board
from tests.analytics.business.days import Days

pytestmark = pytest.mark.django_db


def test_the_api_tells_the_same(lived: Days, client: Client) -> None:
    rows = client.get("/api/v1/leaderboards?by=brier").json()["items"]
    assert [row["handle"] for row in rows] == [row.handle for row in board(Board.BRIER).items]
    assert client.get("/api/v1/leaderboards?season=2026-13").status_code == 422
    assert client.get("/api/v1/leaderboards?topic=nothing").status_code == 404
    trader = client.get("/api/v1/traders/day0").json()
    assert len(trader["record"]["calibration"]) == 10
    Profile.objects.create(user=lived.users[0], is_private=True)
    assert client.get("/api/v1/traders/day0").json()["record"] is None
    assert client.get("/api/v1/traders/nobody").status_code == 404
    curve = client.get("/api/v1/calibration?hours=1").json()
    assert curve["forecasts"] == sum(one["forecasts"] for one in curve["bins"]) > 0
    assert client.get("/api/v1/calibration?hours=2").status_code == 422
