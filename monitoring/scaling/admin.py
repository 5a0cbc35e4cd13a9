"""What carries decisions out, and what holds them back, for operators."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from common.audit import record_audit
from common.client_ip import client_ip
from common.staff_pages import StaffAdmin
from monitoring.scaling.models import ScalingTarget

_SEE: Final = "monitoring.view_measurement"
_CHANGE: Final = "monitoring.operate_platform"


@admin.register(ScalingTarget)
class ScalingTargetAdmin(StaffAdmin):
    """Targets are made by the program; counts by hand are set through the API."""

    list_display = ["name", "actuator", "pause", "mode", "override_count", "override_until"]
    fields = ["name", "actuator", "pause", "mode", "fallback", "fallback_count", "cost_cents_per_hour"]
    readonly_fields = ["name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_SEE))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_SEE))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ScalingTarget, form: Any, change: bool) -> None:
        before = {name: form.initial.get(name) for name in form.changed_data}
        obj.save(update_fields=form.changed_data)
        record_audit(
            actor_id=request.user.pk,
            action="scaling.target_changed",
            target=obj,
            before=before,
            after={name: form.cleaned_data[name] for name in form.changed_data},
            ip=client_ip(request),
        )
