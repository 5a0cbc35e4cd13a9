"""Two schedulers at once: one does the round, the other leaves it."""

from threading import Thread

import pytest
from django.db import connection, transaction

from alerting.models import AlertingEngine
from alerting.services.evaluate_rules import Round, evaluate_rules

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_finds_the_round_taken_leaves_it() -> None:
    AlertingEngine.objects.get_or_create(pk=1)
    found: list[Round | None] = []

    def other() -> None:
        found.append(evaluate_rules())
        connection.close()

    with transaction.atomic():
        AlertingEngine.objects.select_for_update().get(pk=1)
        thread = Thread(target=other)
        thread.start()
        thread.join(20)
    assert found == [None]
    assert AlertingEngine.objects.get().rounds == 0
