import pytest
from django.test import Client

from trading.errors import ERRORS_BY_CODE
from trading.web.docs import error_codes

pytestmark = pytest.mark.django_db


def test_every_code_has_a_paragraph_where_problem_documents_point(client: Client) -> None:
    html = client.get("/docs/errors").content.decode()
    for code in ERRORS_BY_CODE:
        assert f'id="{code}"' in html
    assert len({item.code for item in error_codes()}) == len(error_codes())


@pytest.mark.parametrize("page", ["how-it-works", "glossary", "errors"])
def test_pages_open_with_and_without_slash(client: Client, page: str) -> None:
    assert client.get(f"/docs/{page}").status_code == 200
    assert client.get(f"/docs/{page}/").status_code == 200
