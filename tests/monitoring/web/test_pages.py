"""The two dashboards: who may open them, and what the first paint says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.services.create_api_key import create_api_key
from accounts.types import Role as Who
from monitoring.engine.layout import By, Panel, PanelKind
from monitoring.selectors.overview import forget_overview
from monitoring.selectors.recent_frames import forget_recent
from monitoring.services.save_dashboard import save_dashboard
from monitoring.web.plan import ADVANCED_CARDS, PERFORMANCE_CARDS
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.monitoring.telling import forget_all, frame, now, tell

pytestmark = [pytest.mark.django_db, pytest.mark.redis]
PERFORMANCE = ("/operations/", "/api/v1/performance-dashboard/dashboard")
ADVANCED = ("/operations/advanced", "/api/v1/advanced-dashboard/dashboard/advanced")
PAGES = (*PERFORMANCE, *ADVANCED)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    for forget in (forget_all, forget_overview, forget_recent):
        forget()
    yield
    for forget in (forget_all, forget_overview, forget_recent):
        forget()


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_dave())
    return client


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_signs_in_first(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", [make_alice, make_carol])
def test_who_may_not_watch_is_refused(client: Client, path: str, who: Any) -> None:
    client.force_login(who())
    response = client.get(path)
    assert response.status_code == 403
    assert "data-metric" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Who.ANALYST, Who.OPERATOR, Who.ADMIN])
def test_those_who_watch_see_every_card(client: Client, path: str, role: Who) -> None:
    client.force_login(make_user("ana", roles=(Who.TRADER, role)))
    response = client.get(path)
    wanted = PERFORMANCE_CARDS if path in PERFORMANCE else ADVANCED_CARDS
    assert response.status_code == 200
    assert tuple(re.findall(r'data-metric="(\w+)"', response.content.decode())) == wanted


def test_only_those_who_watch_find_the_link(client: Client) -> None:
    link = 'href="/operations"'
    assert link not in client.get("/").content.decode()
    client.force_login(make_alice())
    assert link not in client.get("/").content.decode()
    client.force_login(make_dave())
    assert link in client.get("/").content.decode()


def test_the_first_paint_has_the_values_of_now(operator: Client) -> None:
    tell(frame(now(), gauges={"machine_cpu_ratio": 0.9}))
    page = operator.get("/operations/").context["page"]
    cards = {card.spec.name: card for card in page.cards}
    assert (cards["cpu_usage"].reading, cards["cpu_usage"].state) == (("90.0", "%"), "critical")
    assert (cards["throughput"].reading, cards["throughput"].state) == (("10.0", "/s"), "good")
    assert (cards["queue_age"].reading.number, cards["queue_age"].state) == ("–", "unknown")
    assert (page.status.state, page.status.head) == ("critical", "CPU high at 90.0%")


def test_without_measurements_nothing_is_made_up(operator: Client) -> None:
    page = operator.get("/operations/").context["page"]
    assert page.status.state == "unknown"
    assert {card.reading.number for card in page.cards} == {"–"}


def test_the_page_carries_the_limits_that_are_configured(operator: Client) -> None:
    specs = operator.get("/operations/").context["page"].data["specs"]
    assert (specs["response_time"]["warn"], specs["response_time"]["critical"]) == (100, 200)
    assert specs["throughput"]["warn"] is None


def test_the_wall_display_has_its_own_style_and_no_tools(operator: Client) -> None:
    wall = operator.get("/operations/?wall=1").content.decode()
    assert "css/pages/wall.css" in wall
    assert 'id="breakdown"' not in wall
    assert "css/pages/wall.css" not in operator.get("/operations/").content.decode()


def test_own_dashboards_are_listed_and_those_of_others_are_not(operator: Client) -> None:
    panel = Panel(("cpu_usage",), "", By.SITE, PanelKind.LINE, "", 2)
    mine = save_dashboard(owner_id=make_dave().pk, name="Night <watch>", span="1h", panels=[panel])
    save_dashboard(owner_id=make_user("ana").pk, name="Of somebody else", span="1h", panels=[panel])
    html = operator.get(f"/operations/advanced?d={mine.pk}").content.decode()
    assert (
        f'<a href="/operations/advanced?d={mine.pk}" data-own="{mine.pk}" aria-current="page">Night &lt;watch&gt;</a>'
        in html
    )
    assert "Of somebody else" not in html


@pytest.mark.parametrize("path", PAGES)
def test_a_program_with_a_key_gets_the_page_too(client: Client, path: str) -> None:
    dave = make_dave()
    key = create_api_key(user_id=dave.pk, name="screen", scopes=["read"]).secret
    panel = Panel(("cpu_usage",), "", By.SITE, PanelKind.LINE, "", 2)
    save_dashboard(owner_id=dave.pk, name="Night watch", span="1h", panels=[panel])
    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert ("Night watch" in answer.content.decode()) is (path in ADVANCED)


@pytest.mark.parametrize("asked", ["", "x", "²", "9" * 40, "9" * 5_000, "1; drop"])
def test_a_mangled_number_is_no_dashboard(operator: Client, asked: str) -> None:
    response = operator.get("/operations/advanced", {"d": asked})
    assert response.status_code == 200
    assert 'data-own="" aria-current' in response.content.decode()


def test_nothing_inline_breaks_the_content_policy(operator: Client) -> None:
    for path in ("/operations/", "/operations/?wall=1", "/operations/advanced"):
        html = operator.get(path).content.decode()
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:src=|application/json))", html) == []
