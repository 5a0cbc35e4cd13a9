"""Browsers that no limit has seen, and a site without Redis."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.services import limits


@pytest.fixture
def address() -> str:
    """An address that no other test or run has used."""
    number = uuid.uuid4().int
    return f"10.{number % 250}.{number // 250 % 250}.{number // 62_500 % 250}"


@pytest.fixture
def browser(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    limits._script.cache_clear()
    yield
    limits._script.cache_clear()
    limits._away_until = 0.0
