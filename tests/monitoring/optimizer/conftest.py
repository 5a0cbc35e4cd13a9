"""A site whose settings nobody has changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from common.caching import clients
from common.tuning.reading import KEY, forget
from tests.monitoring.optimizer.site import History


@pytest.fixture
def site(settings: Any) -> Iterator[None]:
    settings.PERFORMANCE_OPTIMIZATION_STRATEGY = "balanced"
    settings.OPTIMIZER_DATABASE_URL = ""
    forget()
    clients.client().delete(KEY)
    yield
    clients.client().delete(KEY)
    forget()


@pytest.fixture
def history(request: pytest.FixtureRequest) -> History:
    request.getfixturevalue("transactional_db")
    assert connection.vendor == "postgresql"
    return History()
