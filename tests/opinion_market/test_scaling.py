from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from common import clock
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.services._actuators import Errand, act
from monitoring.scaling.types import WANTED_WEB
from opinion_market.local.scaling import WantedWeb

pytestmark = pytest.mark.redis


def errand(actuator: Actuator, before: int, count: int) -> Errand:
    return Errand(ScalingTarget(name="web", actuator=actuator), before, count, "because", clock.now())


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as found:
        found.delete(WANTED_WEB)
        yield found
        found.delete(WANTED_WEB)


def test_the_supervisor_reads_what_scaling_asked_for(client: redis.Redis) -> None:
    wanted = WantedWeb(settings.REDIS_URL)
    assert wanted.count() == 0
    assert act(errand(Actuator.LOCAL, 2, 3)) is True
    assert wanted.count() == 3
    assert act(errand(Actuator.ADVISORY, 2, 5)) is False
    assert act(errand(Actuator.LOCAL, 3, 3)) is False
    assert wanted.count() == 3


def test_without_redis_it_stays_as_it_was() -> None:
    assert WantedWeb("redis://127.0.0.1:1/0").count() == 0
