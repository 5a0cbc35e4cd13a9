"""People, keys and the audit trail. Every change of a person asks for a reason and is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from accounts.models import Announcement, ApiKey, AuditRecord, User
from accounts.services.announce import AnnouncementSpec, announce, withdraw_announcement
from accounts.services.assign_roles import assign_roles
from accounts.services.create_user import welcome
from accounts.services.record_audit import record_audit
from accounts.services.revoke_api_key import revoke_api_key
from accounts.services.suspend_user import reinstate_user, suspend_user
from accounts.types import Audience, Role
from common import clock
from common.client_ip import client_ip
from common.staff_pages import BulkAction, ReadOnlyAdmin, ReasonForm, StaffAction, StaffAdmin

# The one door: limits and the second factor of the sign-in page hold for the admin site too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _change_own_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    return redirect("account_change_password")


admin.site.password_change = _change_own_password  # type: ignore[assignment, method-assign]
# Their pages would change people past the services and the audit trail.
for _model in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


#: By the name of the group.
_ROLES: Final[Mapping[str, "str | Promise"]] = {
    "trader": pgettext_lazy("role", "trader"),
    "market maker": pgettext_lazy("role", "market maker"),
    "analyst": pgettext_lazy("role", "analyst"),
    "operator": pgettext_lazy("role", "operator"),
    "moderator": pgettext_lazy("role", "moderator"),
    "admin": pgettext_lazy("role", "admin"),
}


class RolesForm(ReasonForm):
    takes_target = True
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("roles"),
        choices=list(_ROLES.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
    )
    field_order = ["roles", "reason"]

    def __init__(self, *args: Any, target: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].initial = _roles(target)


def _roles(user: User) -> list[str]:
    return sorted(group.name for group in user.groups.all())


def _told_roles(names: Iterable[str]) -> str:
    return ", ".join(sorted(str(_ROLES.get(name, name)) for name in names)) or gettext("none")


def _audit(request: HttpRequest, action: str, target: Model, form: forms.Form, **changes: Any) -> None:
    record_audit(
        actor_id=request.user.pk,
        action=action,
        target=target,
        reason=form.cleaned_data["reason"],
        ip=client_ip(request),
        **changes,
    )


def _suspend(request: HttpRequest, user: User, form: forms.Form) -> str:
    suspend_user(user_id=user.pk, actor_id=cast("int", request.user.pk))
    _audit(request, "accounts.suspend_user", user, form, before={"is_active": True}, after={"is_active": False})
    return gettext("%(name)s is suspended.") % {"name": user}


def _reinstate(request: HttpRequest, user: User, form: forms.Form) -> str:
    reinstate_user(user_id=user.pk, actor_id=cast("int", request.user.pk))
    _audit(request, "accounts.reinstate_user", user, form, before={"is_active": False}, after={"is_active": True})
    return gettext("%(name)s may sign in again.") % {"name": user}


def _assign(request: HttpRequest, user: User, form: forms.Form) -> str:
    before = _roles(user)
    roles = [Role(name) for name in form.cleaned_data["roles"]]
    assign_roles(user_id=user.pk, roles=roles, actor_id=cast("int", request.user.pk))
    _audit(request, "accounts.assign_roles", user, form, before={"roles": before}, after={"roles": sorted(roles)})
    return gettext("%(name)s has these roles now: %(roles)s.") % {"name": user, "roles": _told_roles(roles)}


def _revoke(request: HttpRequest, key: ApiKey, form: forms.Form) -> str:
    revoke_api_key(key_id=key.pk, user_id=None)
    _audit(request, "accounts.revoke_api_key", key, form, before={"revoked": False}, after={"revoked": True})
    return gettext("The key %(key)s is revoked.") % {"key": key}


SUSPEND = StaffAction("suspend", gettext_lazy("Suspend"), _suspend, is_dangerous=True)
REINSTATE = StaffAction("reinstate", gettext_lazy("Reinstate"), _reinstate)
ASSIGN = StaffAction("roles", gettext_lazy("Change roles"), _assign, RolesForm)
REVOKE = StaffAction("revoke", gettext_lazy("Revoke"), _revoke, is_dangerous=True)

STANDING: Final[list[Any]] = ["shown_roles", "is_active", "is_staff", "is_superuser", "is_simulated"]


class RoleFilter(admin.RelatedFieldListFilter):
    title = gettext_lazy("roles")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        found = super().field_choices(field, request, model_admin)
        return [(number, str(_ROLES.get(str(name), name))) for number, name in found]


@admin.register(User)
class UserAdmin(DjangoUserAdmin, StaffAdmin):  # type: ignore[misc, type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "email", "shown_roles", "is_active", "is_staff", "is_simulated", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_simulated", ("groups", RoleFilter)]
    search_fields = ["username", "email"]
    ordering = ["-id"]
    readonly_fields = [
        "shown_roles",
        "is_active",
        "is_staff",
        "is_superuser",
        "is_simulated",
        "last_login",
        "date_joined",
    ]
    fieldsets = (
        (None, {"fields": ["username", "email", "password"]}),
        (gettext_lazy("Standing"), {"fields": STANDING}),
        (gettext_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    )
    filter_horizontal = []
    bulk_actions = (
        BulkAction("suspend", gettext_lazy("Suspend"), "accounts.suspend_user", is_dangerous=True),
        BulkAction("reinstate", gettext_lazy("Reinstate"), "accounts.suspend_user"),
    )

    def state_of(self, target: User) -> str:
        return gettext("active") if target.is_active else gettext("suspended")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def shown_roles(self, user: User) -> str:
        return _told_roles(_roles(user))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_above = isinstance(obj, User) and obj.is_superuser and not cast("User", request.user).is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Trades name people for ever; suspend them instead.
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            welcome(obj)
        action = "accounts.change_user" if change else "accounts.add_user"
        after = {"changed": [field for field in form.changed_data if "password" not in field]}
        record_audit(actor_id=request.user.pk, action=action, target=obj, after=after, ip=client_ip(request))

    def open_actions(self, request: HttpRequest, target: User) -> Sequence[StaffAction]:
        actions = []
        if request.user.has_perm("accounts.suspend_user"):
            actions.append(SUSPEND if target.is_active else REINSTATE)
        if request.user.has_perm("accounts.assign_role"):
            actions.append(ASSIGN)
        return actions


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """What staff fill in; the service says what is wrong with it."""

    class Meta:
        model = Announcement
        fields: ClassVar = ["title", "text", "audience", "starts_at", "ends_at"]
        widgets: ClassVar = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", gettext("It must end after it starts."))
        return cleaned


def _withdraw(request: HttpRequest, announcement: Announcement, form: forms.Form) -> str:
    withdraw_announcement(
        announcement_id=announcement.pk,
        actor_id=cast("int", request.user.pk),
        reason=str(form.cleaned_data["reason"]),
        ip=client_ip(request),
    )
    return gettext("It is shown no more.")


WITHDRAW: Final = StaffAction("withdraw", gettext_lazy("End it now"), _withdraw, is_dangerous=True)


@admin.register(Announcement)
class AnnouncementAdmin(StaffAdmin):
    """What every page of its audience shows for a while."""

    form = AnnouncementForm
    list_display = ["title", "audience", "starts_at", "ends_at", "created_by"]
    list_select_related = ["created_by"]
    list_filter = ["audience"]
    search_fields = ["title"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # The audit trail names it; end it instead.
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": clock.now(), "audience": Audience.EVERYBODY.value}

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        said = form.cleaned_data
        spec = AnnouncementSpec(**{**said, "audience": Audience(said["audience"])})
        actor_id, number = cast("int", request.user.pk), obj.pk if change else None
        made = announce(actor_id=actor_id, spec=spec, announcement_id=number, ip=client_ip(request))
        obj.pk = made.pk
        obj._state.adding = False

    def open_actions(self, request: HttpRequest, target: Announcement) -> Sequence[StaffAction]:
        may = request.user.has_perm("accounts.change_announcement") and target.ends_at > clock.now()
        return [WITHDRAW] if may else []


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "user", "shown_scopes", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["prefix", "user__username"]
    fields = list_display

    @admin.display(description=gettext_lazy("scopes"))
    def shown_scopes(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    def open_actions(self, request: HttpRequest, target: ApiKey) -> Sequence[StaffAction]:
        may = request.user.has_perm("accounts.change_apikey") and target.revoked_at is None
        return [REVOKE] if may else []


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "object_type", "object_id", "short_reason", "ip"]
    list_select_related = ["actor"]
    list_filter = ["object_type"]
    search_fields = ["actor__username", "action", "=object_id"]
    fields = ["at", "actor", "action", "object_type", "object_id", "reason", "before", "after", "ip"]

    @admin.display(description=gettext_lazy("reason"))
    def short_reason(self, record: AuditRecord) -> str:
        return record.reason[:80]
