"""Dashboards of one's own: kept, changed, shared, thrown away; nobody else's."""

from typing import Any

import pytest

from monitoring.models import Dashboard
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db
PATH = "/advanced-dashboard/dashboards"
PANEL = {"series": ["cpu_usage"], "dimension": "", "by": "", "kind": "line", "title": "CPU", "width": 2}
BODY = {"name": "My morning", "range": "6h", "layout": [PANEL, {"series": ["orders"], "by": "process"}]}


@pytest.fixture
def kept(ana: Api) -> dict[str, Any]:
    document: dict[str, Any] = ana.post(PATH, BODY).json()
    return document


def test_a_dashboard_is_kept_as_it_was_sent(ana: Api) -> None:
    answer = ana.post(PATH, BODY)
    assert answer.status_code == 201
    document = answer.json()
    assert answer.headers["Location"] == f"/api/v1{PATH}/{document['id']}"
    assert document["layout"] == [
        PANEL,
        {"series": ["orders"], "dimension": "", "by": "process", "kind": "line", "title": "", "width": 2},
    ]
    assert (document["name"], document["range"], document["owner"]) == ("My morning", "6h", "ana")
    assert (document["is_own"], document["share_path"]) == (True, None)
    assert ana.get(f"{PATH}/{document['id']}").json() == document
    assert ana.get(PATH).json() == {"items": [document], "next_cursor": None}


def test_it_is_changed_as_a_whole(ana: Api, kept: dict[str, Any]) -> None:
    ana.post(f"{PATH}/{kept['id']}/share", {})
    answer = ana.send("PUT", f"{PATH}/{kept['id']}", {"name": "Renamed", "layout": [PANEL]})
    document = answer.json()
    assert answer.status_code == 200
    assert (document["name"], document["range"], document["layout"]) == ("Renamed", "1h", [PANEL])
    assert document["share_path"] is not None
    assert Dashboard.objects.count() == 1


def test_it_is_thrown_away(ana: Api, kept: dict[str, Any]) -> None:
    gone = ana.delete(f"{PATH}/{kept['id']}")
    assert (gone.status_code, gone.json()) == (200, kept)
    assert ana.get(f"{PATH}/{kept['id']}").status_code == 404
    assert ana.delete(f"{PATH}/{kept['id']}").json()["code"] == "dashboard.not_found"


def test_others_find_nothing_but_what_is_shared(ana: Api, dave: Api, alice: Api, kept: dict[str, Any]) -> None:
    own = f"{PATH}/{kept['id']}"
    assert dave.get(own).status_code == 404
    assert dave.send("PUT", own, BODY).status_code == 404
    assert dave.delete(own).status_code == 404
    assert dave.post(f"{own}/share", {}).status_code == 404
    assert dave.get(PATH).json()["items"] == []
    path = ana.post(f"{own}/share", {}).json()["share_path"]
    page, _, token = path.partition("?shared=")
    assert page == "/api/v1/advanced-dashboard/dashboard/advanced"
    shared = dave.get(f"/advanced-dashboard/shared/{token}")
    assert shared.status_code == 200
    assert shared.json() == kept | {"is_own": False}
    assert alice.get(f"/advanced-dashboard/shared/{token}").status_code == 403
    assert dave.get(own).status_code == 404
    assert ana.post(f"{own}/share", {}).json()["share_path"] == path
    assert ana.delete(f"{own}/share").json()["share_path"] is None
    assert dave.get(f"/advanced-dashboard/shared/{token}").json()["code"] == "dashboard.not_found"
    assert ana.post(f"{own}/share", {}).json()["share_path"] != path


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 81}, "/name"),
        ({"range": "2h"}, "/range"),
        ({"layout": []}, "/layout"),
        ({"layout": None}, "/layout"),
        ({"layout": ["cpu_usage"]}, "/layout"),
        ({"layout": [PANEL] * 25}, "/layout"),
        ({"layout": [PANEL, PANEL | {"series": ["cpu"]}]}, "/layout/1/series"),
        ({"layout": [PANEL | {"series": []}]}, "/layout/0/series"),
        ({"layout": [PANEL | {"series": ["orders", "orders"]}]}, "/layout/0/series"),
        ({"layout": [PANEL | {"series": "cpu_usage"}]}, "/layout/0/series"),
        ({"layout": [PANEL | {"dimension": "host:a"}]}, "/layout/0/dimension"),
        ({"layout": [PANEL | {"dimension": "process:a", "by": "route"}]}, "/layout/0/by"),
        ({"layout": [PANEL | {"kind": "pie"}]}, "/layout/0/kind"),
        ({"layout": [PANEL | {"width": 5}]}, "/layout/0/width"),
        ({"layout": [PANEL | {"title": "x" * 81}]}, "/layout/0/title"),
        ({"layout": [PANEL | {"colour": "red"}]}, "/layout/0/colour"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_cannot_be_shown_is_refused(ana: Api, change: dict[str, Any], pointer: str) -> None:
    answer = ana.post(PATH, BODY | change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Dashboard.objects.count() == 0


def test_a_name_is_used_once_by_each(ana: Api, dave: Api, kept: dict[str, Any]) -> None:
    again = ana.post(PATH, BODY | {"name": "MY MORNING"})
    assert (again.status_code, again.json()["code"]) == (409, "dashboard.name_taken")
    assert again.json()["errors"][0]["pointer"] == "/name"
    assert dave.post(PATH, BODY).status_code == 201
    assert Dashboard.objects.count() == 2


def test_nobody_keeps_too_many(ana: Api, kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.services.save_dashboard.DASHBOARDS_MAX", 1)
    answer = ana.post(PATH, BODY | {"name": "Another"})
    assert (answer.status_code, answer.json()["code"]) == (409, "dashboard.too_many")
    assert Dashboard.objects.count() == 1
    assert ana.send("PUT", f"{PATH}/{kept['id']}", BODY).status_code == 200
