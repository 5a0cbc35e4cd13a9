"""The page of scaling: who may open it, and what it says."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.types import Role
from common import clock
from monitoring.scaling.models import ScalingTarget
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.monitoring.scaling.decided import keep_decision

pytestmark = pytest.mark.django_db
PATH = "/operations/scaling"


def page(user: Any, path: str = PATH) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def test_visitors_sign_in_and_traders_are_refused(client: Client) -> None:
    answer = client.get(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={PATH}")
    for who in (make_alice(), make_carol()):
        client.force_login(who)
        assert client.get(PATH).status_code == 403


def test_analysts_see_and_only_operators_can_act() -> None:
    keep_decision(number=812)
    seen, acting = page(make_user("ana", roles=(Role.TRADER, Role.ANALYST))), page(make_dave())
    for act in ("data-switch", "data-manual", "data-pause"):
        assert act not in seen
        assert act in acting
    for words in ("cpu_usage 91 is above 80", "Scaling is off", "What if"):
        assert words in seen


def test_what_holds_a_target_is_told_until_it_ends() -> None:
    keep_decision(number=812)
    dave, until = make_dave(), clock.now() + timedelta(minutes=5)
    ScalingTarget.objects.filter(name="web").update(
        pause="in", pause_until=until, pause_reason="The final is tonight.", override_count=4, override_until=until
    )
    told = page(dave, f"{PATH}?part=targets")
    assert "<html" not in told
    for words in ("taking instances away", "The final is tonight.", "data-release", "data-go-on"):
        assert words in told
    over = clock.now() - timedelta(seconds=1)
    ScalingTarget.objects.filter(name="web").update(pause_until=over, override_until=over)
    told = page(dave, f"{PATH}?part=targets")
    assert "data-release" not in told
    assert "data-go-on" not in told
