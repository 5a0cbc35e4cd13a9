"""Make the groups equal to the table of roles; run after every migration."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.engine.roles import PERMISSIONS


def sync_roles(*, app_label: str) -> None:
    """Give every role its permissions of one app, and take away others of that app. Repeating changes nothing."""
    with transaction.atomic():
        known = {p.codename: p for p in Permission.objects.filter(content_type__app_label=app_label)}
        for role, names in PERMISSIONS.items():
            group, _ = Group.objects.get_or_create(name=role.value)
            wanted = {known[name] for app, name in (n.split(".") for n in names) if app == app_label and name in known}
            held = set(group.permissions.filter(content_type__app_label=app_label))
            group.permissions.add(*(wanted - held))
            group.permissions.remove(*(held - wanted))
