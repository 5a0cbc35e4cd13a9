import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from accounts.engine.roles import PERMISSIONS
from accounts.events import UserSignedUp
from accounts.models import User
from accounts.services.create_user import create_user
from accounts.services.sync_roles import sync_roles
from accounts.types import Role
from common import bus

pytestmark = pytest.mark.django_db


def _permissions(role: Role) -> set[str]:
    found = Group.objects.get(name=role.value).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


@pytest.mark.parametrize("role", Role)
def test_groups_hold_exactly_what_the_table_says(role: Role) -> None:
    # A permission that no app declares would be missing here.
    assert _permissions(role) == PERMISSIONS[role]


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("trading.add_order", set(Role)),
        ("markets.add_market", {Role.MARKET_MAKER, Role.OPERATOR, Role.ADMIN}),
        ("markets.operate_market", {Role.OPERATOR, Role.ADMIN}),
        ("monitoring.operate_platform", {Role.OPERATOR, Role.ADMIN}),
        ("accounts.suspend_user", {Role.MODERATOR, Role.ADMIN}),
        ("accounts.grant_credits", {Role.ADMIN}),
        ("accounts.assign_role", {Role.ADMIN}),
        ("trading.view_ledgerentry", {Role.ANALYST, Role.OPERATOR, Role.MODERATOR, Role.ADMIN}),
        ("trading.change_ledgerentry", set()),
        ("trading.delete_order", set()),
    ],
)
def test_role_matrix(permission: str, roles: set[Role]) -> None:
    assert {role for role in Role if permission in _permissions(role)} == roles


def test_syncing_repairs_and_repeating_changes_nothing() -> None:
    group = Group.objects.get(name="trader")
    group.permissions.add(Permission.objects.get(codename="operate_market"))
    sync_roles(app_label="markets")
    sync_roles(app_label="markets")
    assert _permissions(Role.TRADER) == PERMISSIONS[Role.TRADER]
    assert Group.objects.count() == len(Role)


def test_new_people_are_traders(django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[UserSignedUp] = []
    monkeypatch.setitem(bus._handlers, UserSignedUp, [seen.append])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        user = create_user(handle="erin", email="erin@example.org", password="correct horse battery")
        assert seen == []
    assert seen == [UserSignedUp(user.pk)]
    assert [group.name for group in user.groups.all()] == ["trader"]
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.check_password("correct horse battery")


@pytest.mark.parametrize("handle", ["", "a b", "zoë", "x" * 33])
def test_a_handle_that_is_wrong_makes_nobody(handle: str) -> None:
    with pytest.raises(ValidationError):
        create_user(handle=handle)
    assert not User.objects.exists()


def test_handles_differ_without_regard_to_case() -> None:
    create_user(handle="erin")
    with pytest.raises(ValidationError):
        create_user(handle="ERIN")
    assert User.objects.count() == 1


def test_the_documented_table_is_the_table(project_dir: Path) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (project_dir / "docs" / "roles.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and "`" in line and line.count("|") == 8
    ]
    assert len(rows) >= 10
    for what, *cells in rows:
        documented = {role for role, cell in zip(Role, cells, strict=True) if cell == "yes"}
        for permission in re.findall(r"`(\w+\.\w+)`", what):
            assert {role for role in Role if permission in PERMISSIONS[role]} == documented, permission
