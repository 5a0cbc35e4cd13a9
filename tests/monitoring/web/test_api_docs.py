"""The pages of the API: complete, in our own style, with what was measured."""

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from common.api.stored_document import stored_document
from monitoring.types import SeriesKey
from tests.monitoring.stored import store

pytestmark = pytest.mark.django_db
IDS = [one["operationId"] for methods in stored_document()["paths"].values() for one in methods.values()]


def test_the_index_leads_to_every_operation(client: Client) -> None:
    html = client.get("/api/v1/docs").content.decode()
    assert [one for one in IDS if f'href="/api/v1/docs/{one}"' not in html] == []


def test_every_operation_has_a_page_with_nothing_from_elsewhere(client: Client) -> None:
    for one in IDS:
        answer = client.get(f"/api/v1/docs/{one}")
        html = answer.content.decode()
        assert answer.status_code == 200
        assert html.count('name="samples"') == 3, one
        assert 'id="try-form"' in html
        assert "<script>" not in html
        assert 'src="http' not in html


def test_an_unknown_operation_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/docs/nothing")
    assert answer.status_code == 404


def test_measured_times_are_shown_where_there_are_some(client: Client) -> None:
    assert "Nobody asked this" in client.get("/api/v1/docs/listMarkets").content.decode()


def test_times_are_means_of_the_last_quarter_of_an_hour(client: Client) -> None:
    second = int((clock.now() - timedelta(minutes=2)).timestamp()) // 10 * 10
    route = "route:GET /api/v1/markets"
    names = ("response_time_p50", "response_time_p95")
    for step, values in ((0, (1.0, 4.0)), (10, (2.0, 6.0)), (-1200, (90.0, 90.0))):
        store({second + step: {SeriesKey(name, route): value for name, value in zip(names, values, strict=True)}})
    html = client.get("/api/v1/docs/listMarkets").content.decode()
    assert '<span class="num">1.5 ms</span>' in html
    assert '<span class="num">5.0 ms</span>' in html
    assert '<td class="r">1.5</td>' in client.get("/api/v1/docs").content.decode()
