"""What somebody may is read in one statement, and is what Django says it is."""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.types import Role
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("roles", [(), (Role.TRADER,), (Role.TRADER, Role.ANALYST), (Role.ADMIN,)])
def test_one_statement_says_what_the_person_and_their_groups_may(
    roles: tuple[Role, ...], django_assert_num_queries: Any
) -> None:
    made = make_user("erik", roles=roles)
    made.user_permissions.add(Permission.objects.get(codename="view_measurement"))
    user = User.objects.get(pk=made.pk)
    every = [
        f"{one.content_type.app_label}.{one.codename}" for one in Permission.objects.select_related("content_type")
    ]
    with django_assert_num_queries(1):
        found = {name for name in every if user.has_perm(name)}
    assert found == ModelBackend().get_all_permissions(User.objects.get(pk=made.pk))
    assert "monitoring.view_measurement" in found


def test_who_was_switched_off_may_nothing() -> None:
    user = make_user("gone", roles=(Role.ADMIN,))
    user.is_active = False
    assert not user.has_perm("monitoring.view_measurement")
