"""What all processes have pushed to Redis, for ``/metrics``.

Contract   One round trip, and one moment: totals, what the names mean and the live processes are read by one script.
Bound      A time limit of ``TIMEOUT_S``; memory of the answer only.
Why        The script joins each hash into one text, because reading thousands of short texts one by one is most of
           the time that a scrape takes.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from monitoring.engine.exposition import Family, Process, Published
from monitoring.types import META, PROCESS_PREFIX, PROCESSES, TOTALS

TIMEOUT_S: Final = 1.0
#: No key or document holds a line feed: keys escape it, and JSON does.
_SCRIPT: Final = """
local processes = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  local document = redis.call('GET', ARGV[1] .. name)
  if document then processes[#processes + 1] = document end
end
return {
  table.concat(redis.call('HGETALL', KEYS[1]), '\\n'),
  table.concat(redis.call('HGETALL', KEYS[2]), '\\n'),
  table.concat(processes, '\\n'),
}
"""


def published_metrics() -> Published:
    """Counter totals since the beginning, and the gauges of the processes that live now.

    Raises: redis.RedisError
    """
    totals, families, processes = _script()(keys=[TOTALS, META, PROCESSES], args=[PROCESS_PREFIX])
    return Published(
        families={name: _family(name, text) for name, text in _pairs(families)},
        totals=dict(_pairs(totals)),
        processes=[_process(orjson.loads(text)) for text in processes.decode().splitlines()],
    )


@lru_cache(maxsize=1)
def _script() -> Script:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
    return client.register_script(_SCRIPT)


def _pairs(joined: bytes) -> Iterator[tuple[str, str]]:
    parts = joined.decode().split("\n")
    return zip(parts[0::2], parts[1::2], strict=False)


@lru_cache(4096)
def _family(name: str, text: str) -> Family:
    document = orjson.loads(text)
    return Family(name, document["type"], document["help"], document.get("merge", "sum"))


def _process(document: dict[str, Any]) -> Process:
    return Process(
        name=document["process"],
        role=document["role"],
        host=document["host"],
        started_at=document["started_at"],
        gauges=document["gauges"],
    )
