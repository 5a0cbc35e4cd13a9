import pytest

from accounts.errors import UserActionRefused
from accounts.models import User
from accounts.selectors.handles import has_people, has_simulated_traders, user_ids
from accounts.services.provide_account import provide_account
from accounts.types import Role
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def test_an_account_is_made_once() -> None:
    first = provide_account(handle="ml2-d44wd")

    assert provide_account(handle="ML2-d44wd") == first
    user = User.objects.get(pk=first)
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == [Role.TRADER]


def test_the_account_of_a_person_is_refused() -> None:
    make_user("sim-ada", password="a-person-of-this-name")

    with pytest.raises(UserActionRefused, match="The handle sim-ada belongs to somebody else"):
        provide_account(handle="sim-ada")

    assert User.objects.count() == 1


def test_a_simulated_trader_and_a_program_are_not_the_same() -> None:
    provide_account(handle="sim-ada", is_simulated=True)

    with pytest.raises(UserActionRefused):
        provide_account(handle="sim-ada")


def test_people_by_handle() -> None:
    assert (has_people(), has_simulated_traders()) == (False, False)
    ada = provide_account(handle="sim-ada", is_simulated=True)
    bob = make_user("bob").pk

    assert user_ids(["bob", "sim-ada", "nobody"]) == {"bob": bob, "sim-ada": ada}
    assert (has_people(), has_simulated_traders()) == (True, True)
