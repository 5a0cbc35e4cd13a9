"""``type`` of every problem document leads to a page."""

import pytest
from django.test import Client

from common.error_guide import ERROR_GUIDE, FIELD_GUIDE
from common.problems import TYPE_PREFIX
from trading.web.docs import error_codes

pytestmark = pytest.mark.django_db


def test_every_code_has_a_page(client: Client) -> None:
    for error in error_codes():
        html = client.get(f"{TYPE_PREFIX}{error.code}").content.decode()
        assert f"<h1><code>{error.code}</code></h1>" in html, error.code
        assert f"Status {error.status}." in html
    assert {error.code for error in error_codes()} == set(ERROR_GUIDE)


def test_every_code_of_a_field_has_a_page(client: Client) -> None:
    for code in FIELD_GUIDE:
        assert f"<h1><code>{code}</code></h1>" in client.get(f"/docs/errors/{code}").content.decode(), code


def test_the_list_leads_to_the_pages(client: Client) -> None:
    html = client.get("/docs/errors").content.decode()
    assert 'href="/docs/errors/order.insufficient_funds"' in html
    assert 'href="/docs/errors/field.not_a_time"' in html


def test_a_problem_leads_to_its_page(client: Client) -> None:
    problem = client.get("/api/v1/markets/999999").json()
    assert problem["type"] == "/docs/errors/market.not_found"
    assert client.get(problem["type"]).status_code == 200


def test_a_code_that_does_not_exist_has_none(client: Client) -> None:
    assert client.get("/docs/errors/order.of_magnitude").status_code == 404
