import threading

import pytest
from django.db import connection, transaction

from common.metrics.registry import registry
from opinion_market import connection_metrics

pytestmark = pytest.mark.django_db(transaction=True)


def measured() -> tuple[float, float, float]:
    connection_metrics.measure()
    names = ("db_connections_held", "db_connections_in_use", "db_connections_over")
    return tuple(registry.metrics[name].of().value for name in names)  # type: ignore[return-value]


def test_connections_are_known_from_their_opening_to_their_closing(settings) -> None:
    settings.HTTP_THREADS = 1
    connection.close()
    held, in_use, _ = measured()
    opened, looked = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            opened.set()
            looked.wait(20)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    opened.wait(20)
    connection.ensure_connection()
    assert measured() == (held + 2, in_use + 1, max(held + 1, 0))
    looked.set()
    thread.join()
    assert measured()[:2] == (held + 1, in_use)
    connection.close()
    assert measured()[:2] == (held, in_use)
