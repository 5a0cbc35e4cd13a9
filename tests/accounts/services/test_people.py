"""Suspending people and giving roles: who may not, and that a refusal changes nothing."""

import pytest

from accounts.errors import UserActionRefused, UserNotFound
from accounts.models import User
from accounts.selectors.keys import user_for_key
from accounts.services.assign_roles import assign_roles
from accounts.services.create_api_key import create_api_key
from accounts.services.suspend_user import reinstate_user, suspend_user
from accounts.types import Role
from tests.factories.accounts import make_alice, make_bob, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_id() -> int:
    return make_user("gina", roles=(Role.ADMIN,)).pk


def test_a_suspended_person_has_no_working_key(admin_id: int) -> None:
    alice = make_alice()
    made = create_api_key(user_id=alice.pk, name="bot", scopes=["read"])
    assert user_for_key(made.secret)
    suspend_user(user_id=alice.pk, actor_id=admin_id)
    assert user_for_key(made.secret) is None
    reinstate_user(user_id=alice.pk, actor_id=admin_id)
    assert user_for_key(made.secret)


def test_nobody_suspends_themselves_or_a_superuser(admin_id: int) -> None:
    root = User.objects.create_superuser("root")
    for user_id in (admin_id, root.pk):
        with pytest.raises(UserActionRefused):
            suspend_user(user_id=user_id, actor_id=admin_id)
        with pytest.raises(UserActionRefused):
            assign_roles(user_id=user_id, roles=[], actor_id=admin_id)
    assert User.objects.filter(is_active=True).count() == 2
    assert [group.name for group in User.objects.get(pk=admin_id).groups.all()] == ["admin"]


def test_unknown_people(admin_id: int) -> None:
    with pytest.raises(UserNotFound):
        suspend_user(user_id=10**9, actor_id=admin_id)
    with pytest.raises(UserNotFound):
        assign_roles(user_id=10**9, roles=[], actor_id=admin_id)


def test_roles_are_replaced_and_open_or_close_the_administration(admin_id: int) -> None:
    bob = make_bob()
    made = create_api_key(user_id=bob.pk, name="bot", scopes=["read"])
    held = user_for_key(made.secret)
    assert held is not None
    assert not held.user.has_perm("markets.operate_market")
    assign_roles(user_id=bob.pk, roles=[Role.OPERATOR], actor_id=admin_id)
    bob.refresh_from_db()
    assert ([group.name for group in bob.groups.all()], bob.is_staff) == (["operator"], True)
    fresh = user_for_key(made.secret)
    assert fresh is not None
    assert fresh.user.has_perm("markets.operate_market")
    assign_roles(user_id=bob.pk, roles=[Role.TRADER], actor_id=admin_id)
    bob.refresh_from_db()
    assert ([group.name for group in bob.groups.all()], bob.is_staff) == (["trader"], False)
