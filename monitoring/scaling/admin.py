"""What carries decisions out, and what holds them back, for operators."""

import base64
import binascii
import re
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from common.audit import record_audit
from common.client_ip import client_ip
from common.outgoing.client import check_address
from common.outgoing.errors import OutgoingRefused
from common.problem_words import words_of
from common.sealing import seal
from common.staff_pages import StaffAdmin
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.types import WEBHOOK_SEAL

_SEE: Final = "monitoring.view_measurement"
_CHANGE: Final = "monitoring.operate_platform"
KEY: Final = "webhook_key"
WORKLOAD: Final = re.compile(r"[a-z0-9-]+/(deployment|statefulset|replicaset)/[a-z0-9.-]+")


class ScalingTargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """The key of a webhook is taken and never shown."""

    webhook_key = forms.CharField(
        label=gettext_lazy("webhook key"),
        required=False,
        max_length=200,
        strip=True,
        widget=forms.PasswordInput,
        help_text=gettext_lazy(
            "Signs what the webhook is told: a text, or whsec_ and base64. Empty leaves it as it is."
        ),
    )

    class Meta:
        model = ScalingTarget
        fields = (
            "actuator", "workload", "webhook_url", "pause", "mode", "fallback", "fallback_count", "cost_cents_per_hour",
        )  # fmt: skip
        help_texts = {
            "workload": gettext_lazy("For Kubernetes: namespace/deployment/name, or a statefulset or replicaset."),
            "webhook_url": gettext_lazy("For a webhook: https, a public address."),
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("actuator") == Actuator.KUBERNETES and not WORKLOAD.fullmatch(found.get("workload", "")):
            self.add_error("workload", gettext("Write namespace/deployment/name, such as default/deployment/web."))
        if found.get("actuator") == Actuator.WEBHOOK or found.get("webhook_url"):
            try:
                check_address(found.get("webhook_url", ""))
            except OutgoingRefused as problem:
                self.add_error("webhook_url", words_of(problem))
        if found.get(KEY, "").startswith("whsec_") and not _is_base64(found[KEY].removeprefix("whsec_")):
            self.add_error(KEY, gettext("What follows whsec_ has to be base64."))
        return found


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except binascii.Error:
        return False


def _sealed(form: forms.BaseForm, target: ScalingTarget) -> list[str]:
    """The fields that a new key changes."""
    key = form.cleaned_data.get(KEY)
    if not key:
        return []
    target.webhook_sealed = seal(key, purpose=WEBHOOK_SEAL)
    return ["webhook_sealed"]


@admin.register(ScalingTarget)
class ScalingTargetAdmin(StaffAdmin):
    """Targets are made by the program; counts by hand are set through the API."""

    list_display = ["name", "actuator", "pause", "mode", "override_count", "override_until"]
    form = ScalingTargetForm
    fields = [
        "name", "actuator", "workload", "webhook_url", "webhook_key", "pause", "mode", "fallback", "fallback_count",
        "cost_cents_per_hour",
    ]  # fmt: skip
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
        changed = [name for name in form.changed_data if name != KEY]
        sealed = _sealed(form, obj)
        before = {name: form.initial.get(name) for name in changed}
        if "pause" in changed:
            # Set here, it lasts until somebody ends it.
            obj.pause_until = None
        obj.save(update_fields=[*changed, *sealed, "pause_until"])
        record_audit(
            actor_id=request.user.pk,
            action="scaling.target_changed",
            target=obj,
            before=before,
            after={name: form.cleaned_data[name] for name in changed} | dict.fromkeys(sealed, "changed"),
            ip=client_ip(request),
        )
