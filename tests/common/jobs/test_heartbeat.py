import pytest
from django.db import DatabaseError, InterfaceError

from common.jobs.heartbeat import Heartbeat
from common.jobs.types import JobKind
from common.models import Job


@pytest.mark.django_db
@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_connection_that_broke_ends_no_heartbeat(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    heartbeat = Heartbeat(Job(pk=1), JobKind(name="test_work", title="Work of a test", work=lambda run: None))
    closed: list[bool] = []

    def renew() -> None:
        raise error("the connection is closed")

    monkeypatch.setattr(heartbeat, "_renew", renew)
    monkeypatch.setattr("common.jobs.heartbeat.connection.close", lambda: closed.append(True))
    heartbeat._beat()
    assert (heartbeat.is_stopped, closed) == (False, [True])
