import pytest
from django.test import Client


def test_health_touches_no_database(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_names_every_part(client: Client) -> None:
    answer = client.get("/ready")
    assert answer.json() == {"status": "ready", "parts": {"database": "ok", "redis": "ok"}}
    assert answer.status_code == 200
