"""One leads at a time; who died is followed when its lease is over."""

import pytest
from django.db import connection

from common.leases import give_back_lease, hold_lease
from common.models import Lease

pytestmark = pytest.mark.django_db


def take(holder: str) -> bool:
    return hold_lease(name="beat", holder=holder, seconds=10)


def test_one_holds_and_keeps_it() -> None:
    assert take("alice")
    assert not take("bob")
    assert take("alice")
    assert hold_lease(name="other", holder="bob", seconds=10)
    assert dict(Lease.objects.values_list("name", "holder")) == {"beat": "alice", "other": "bob"}


def test_another_has_it_when_it_is_given_back() -> None:
    assert take("alice")
    give_back_lease(name="beat", holder="bob")
    assert not take("bob")
    give_back_lease(name="beat", holder="alice")
    assert take("bob")
    assert not take("alice")


def test_another_has_it_when_it_has_run_out() -> None:
    assert take("alice")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE common_lease SET until = statement_timestamp() - interval '1 millisecond'")
    assert take("bob")
    assert not take("alice")
