"""Who of many visitors may still do what a route asks for."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.selectors.admission import without_permission
from accounts.types import Role, Visitor
from tests.factories.accounts import make_alice, make_dave, make_user

pytestmark = pytest.mark.django_db
WATCH = "monitoring.view_measurement"


def visitor(user: User) -> Visitor:
    return Visitor(user_id=user.pk, session_key="s")


def test_a_permission_comes_by_role_by_itself_or_with_everything() -> None:
    alice, dave, carol = make_alice(), make_dave(), make_user("carol", roles=())
    root, gone = make_user("root", roles=()), make_user("gone", roles=(Role.ADMIN,))
    carol.user_permissions.add(Permission.objects.get(codename="view_measurement"))
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    visitors = {visitor(user) for user in (alice, dave, carol, root, gone)}
    assert without_permission({*visitors, Visitor()}, WATCH) == {visitor(alice), visitor(gone), Visitor()}


def test_one_statement_for_all(django_assert_num_queries: object) -> None:
    visitors = [visitor(make_user()) for _ in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert without_permission(visitors, WATCH) == set(visitors)
