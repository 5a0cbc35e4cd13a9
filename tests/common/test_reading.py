"""Threads that read for an event loop leave no connection behind, whatever they do when it ends."""

import asyncio
import threading
from typing import Any

import pytest
from django.db import connection

from common.reading import Reader

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_thread_that_is_busy_at_the_end_closes_its_connection() -> None:
    reader, is_reading, may_end, opened = Reader(), threading.Event(), threading.Event(), list[Any]()

    def slow() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        opened.append(connection.connection)
        is_reading.set()
        assert may_end.wait(60)
        return 1

    work = asyncio.ensure_future(reader.run(slow))
    await asyncio.to_thread(is_reading.wait, 60)
    # Another thread takes the order to close, since this one is busy.
    end = asyncio.ensure_future(reader.shutdown())
    while not reader._pool._shutdown:
        await asyncio.sleep(0.01)
    may_end.set()
    assert await work == 1
    await end
    assert [one.closed for one in opened] == [True]
