import pytest
from django.test import Client


def test_a_well_formed_request_id_is_kept(client: Client) -> None:
    answer = client.get("/health", headers={"X-Request-ID": "caller-12345"})
    assert answer.headers["X-Request-ID"] == "caller-12345"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space here", "line\tbreak-here"])
def test_any_other_request_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/health", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 16


def test_pages_allow_only_our_own_scripts(client: Client) -> None:
    headers = client.get("/health").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
