"""Staff who watch: dave operates, ana analyses; alice only trades."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import User
from accounts.types import Role
from monitoring.selectors.overview import forget_overview
from monitoring.selectors.parts import forget_states
from monitoring.selectors.recent_frames import forget_recent
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.trading.api.conftest import Api, api_of


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    for forget in (forget_overview, forget_recent, forget_states):
        forget()
    yield
    for forget in (forget_overview, forget_recent, forget_states):
        forget()


@pytest.fixture
def dave(db: None) -> Api:
    return api_of(make_dave(), "read", "report", "operate")


@pytest.fixture
def ana(db: None) -> Api:
    return api_of(make_user("ana", roles=(Role.TRADER, Role.ANALYST)), "read", "report")


@pytest.fixture
def alice(db: None) -> Api:
    return api_of(make_alice(), "read", "report")


@pytest.fixture
def carol(db: None) -> Api:
    return api_of(make_carol(), "read", "report")


@pytest.fixture
def anonymous() -> Api:
    return Api(User(), "")


@pytest.fixture
def key_of(db: None) -> Callable[..., Api]:
    def made(role: Role, *scopes: str) -> Api:
        return api_of(make_user(roles=(role,)), *scopes)

    return made
