"""One recorded run for all tests that plant into evidence; each works on a copy."""

import copy
from collections.abc import Callable

import pytest
from pytest_django import DjangoDbBlocker

from scripts.storm.checker.evidence import Evidence
from tests.storm.recording import Recording, put_back
from trading.services._market_cache import forget_all

Record = Callable[..., Evidence]
SEED = 5


@pytest.fixture(scope="session")
def record(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Record:
    """Make a run of so many acts, by another kind of recording if need be."""

    def recorded(acts: int, kind: type[Recording] = Recording) -> Evidence:
        forget_all()
        try:
            with django_db_blocker.unblock(), put_back():
                return kind(tmp_path_factory.mktemp("storm"), SEED).run(acts)
        finally:
            forget_all()

    return recorded


@pytest.fixture(scope="session")
def _recorded(record: Record) -> Evidence:
    return record(420)


@pytest.fixture
def run(_recorded: Evidence) -> Evidence:
    return copy.deepcopy(_recorded)
