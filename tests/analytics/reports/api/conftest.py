import pytest

from accounts.models import User
from tests.factories.accounts import make_alice
from tests.trading.api.conftest import Api, api_of


@pytest.fixture
def carol_api(analyst: User) -> Api:
    return api_of(analyst, "read", "report")


@pytest.fixture
def dave_api(operator: User) -> Api:
    return api_of(operator, "read", "report", "operate")


@pytest.fixture
def alice_api(db: None) -> Api:
    return api_of(make_alice(), "read", "report")
