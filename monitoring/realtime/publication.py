"""Hands frames to Redis: live, for the store, and as totals.

Contract   One script, all or nothing: a frame is announced on ``CHANNEL``, kept in ``STREAM``, added to ``TOTALS``, and
           its gauges are known for ``PROCESS_TTL_S``, those of the site for ``SITE_HOLD_S``. A number of a boot that
           was taken before changes nothing, so a frame whose answer was lost can be sent again.
Bound      ``STREAM`` keeps about ``STREAM_LENGTH`` frames, ``TOTALS`` at most ``TOTALS_MAX`` names: a total that would
           be one more is left out and counted. A process that went without a word is forgotten after ``FORGOTTEN_S``.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.metrics.registry import Distribution, Level, Metric, registry
from monitoring.engine.frame_text import text_of
from monitoring.types import (
    CHANNEL,
    META,
    PROCESS_PREFIX,
    PROCESS_TTL_S,
    PROCESSES,
    SITE_HOLD_S,
    STREAM,
    STREAM_LENGTH,
    TOTALS,
    Frame,
    Role,
)

TIMEOUT_S: Final = 0.5
FORGOTTEN_S: Final = 600
#: Far more than one version of the site counts; names that are no longer counted stay.
TOTALS_MAX: Final = 20_000
#: Longer than any process goes on sending a frame again.
NUMBERS_S: Final = 86_400
_NUMBER_PREFIX: Final = "om:metrics:number:"
_SCRIPT: Final = """
local number = tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[1]) or '0') >= number then return -1 end
redis.call('SET', KEYS[1], number, 'EX', ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'f', ARGV[4])
redis.call('SET', KEYS[3], ARGV[5], 'EX', ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[7], ARGV[8])
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ARGV[7] - ARGV[9])
local totals, refused = tonumber(ARGV[12]), 0
local has_room = redis.call('HLEN', KEYS[5]) + totals <= tonumber(ARGV[11])
for i = 13, 12 + 2 * totals, 2 do
  if has_room or redis.call('HEXISTS', KEYS[5], ARGV[i]) == 1 then
    redis.call('HINCRBYFLOAT', KEYS[5], ARGV[i], ARGV[i + 1])
  else
    refused = refused + 1
  end
end
for i = 13 + 2 * totals, #ARGV, 2 do redis.call('HSET', KEYS[6], ARGV[i], ARGV[i + 1]) end
redis.call('PUBLISH', ARGV[10], ARGV[4])
return refused
"""
_REFUSED: Final = registry.counter(
    "metrics_totals_refused_total", "Times that a total was left out because Redis holds as many as it may."
).of()
Meanings = Iterable[tuple[str, bytes]]


class Publication:
    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
        )
        self._script = self._client.register_script(_SCRIPT)

    def publish(self, frame: Frame, totals: Mapping[str, float], meanings: Meanings = ()) -> bool:
        """Hand ``frame`` over, and by how much it makes the totals grow; False when it was taken before.

        Raises: redis.RedisError
        """
        arguments: list[Any] = [frame.number, NUMBERS_S, STREAM_LENGTH, text_of(frame), _presence(frame), _ttl_s(frame)]
        arguments += [frame.at, frame.process, FORGOTTEN_S, CHANNEL, TOTALS_MAX, len(totals)]
        for pair in (*totals.items(), *meanings):
            arguments += pair
        keys = [_NUMBER_PREFIX + frame.boot, STREAM, PROCESS_PREFIX + frame.process, PROCESSES, TOTALS, META]
        refused = int(self._script(keys=keys, args=arguments))
        if refused > 0:
            _REFUSED.add(refused)
        return refused >= 0

    def leave(self, process: str) -> None:
        """The process ends by itself: its gauges are gone at once.

        Raises: redis.RedisError
        """
        with self._client.pipeline() as pipe:
            pipe.delete(PROCESS_PREFIX + process)
            pipe.zrem(PROCESSES, process)
            pipe.execute()

    def close(self) -> None:
        self._client.close()


def meanings(metrics: Iterable[Metric[Any]]) -> list[tuple[str, bytes]]:
    """What the names mean, for who shows them."""
    return [(metric.name, _meaning(metric)) for metric in metrics]


def _meaning(metric: Metric[Any]) -> bytes:
    kind = {Level: "gauge", Distribution: "histogram"}.get(metric.child, "counter")
    return orjson.dumps({"type": kind, "help": metric.help_text, "merge": metric.merge})


def _ttl_s(frame: Frame) -> int:
    return SITE_HOLD_S if frame.role is Role.SITE else PROCESS_TTL_S


def _presence(frame: Frame) -> bytes:
    names = ("process", "role", "host", "pid", "boot", "number", "at", "started_at", "gauges")
    return orjson.dumps({name: getattr(frame, name) for name in names})
