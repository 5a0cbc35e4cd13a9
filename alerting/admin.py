"""Channels, whom to call when, what was sent, and what keeps alerts from being told, for operators.

Contract   Secrets are written here and never shown: a masked setting that is sent back as it was stays what it is.
           Every change goes through a service or is audited here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from alerting.engine.channels.configs import addresses_of, read_config, with_kept_secrets
from alerting.engine.documents import hours_of
from alerting.engine.escalation_documents import policy_of, schedule_of
from alerting.engine.matchers import read_matchers
from alerting.models import (
    ENDPOINT_SOURCE,
    AlertingEngine,
    AlertRoute,
    Channel,
    ChannelKind,
    Contact,
    Delivery,
    DeliveryStatus,
    EscalationPlan,
    EscalationRun,
    Inhibition,
    MuteTime,
    OnCallOverride,
    OnCallSchedule,
)
from alerting.selectors.switch import current_settings
from alerting.services._config import config_of
from alerting.services.replay_delivery import replay_delivery
from alerting.services.save_channel import create_channel, delete_channel, update_channel
from common import clock
from common.audit import record_audit
from common.client_ip import client_ip
from common.errors import DomainError
from common.outgoing.client import check_address
from common.problem_words import words_of
from common.staff_pages import ReadOnlyAdmin, StaffAction, StaffAdmin
from common.staff_words import SaidFilter

_SEE: Final = "monitoring.view_measurement"
_CHANGE: Final = "monitoring.operate_platform"
_DEAD: Final = (DeliveryStatus.DEAD, DeliveryStatus.EXPIRED)


class _Seen(ReadOnlyAdmin):
    """What whoever may see measurements may look at."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_SEE))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_SEE))


class _Operated(StaffAdmin):
    """What operators change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_SEE))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_SEE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if hasattr(obj, "updated_at"):
            obj.updated_at = clock.now()
        if not change and hasattr(obj, "created_at"):
            obj.created_at = clock.now()
        obj.save()
        after = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        _audit(request, f"alerting.{obj._meta.model_name}_saved", obj, after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        _audit(request, f"alerting.{obj._meta.model_name}_deleted", obj, {})
        obj.delete()


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    config = forms.JSONField(
        label=gettext_lazy("Settings"),
        required=False,
        initial=dict,
        help_text=gettext_lazy(
            "As docs/delivery.md has them. Secrets aren't shown; leave •••••• as it is to keep one."
        ),
    )

    class Meta:
        model = Channel
        fields: Sequence[str] = [
            "name", "kind", "is_enabled", "is_default", "sends_resolved", "timeout_s", "retry_attempts",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["config"].initial = self.instance.shown

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind = self.instance.kind if self.instance.pk is not None else found.get("kind", "")
        given = found.get("config") or {}
        if kind and isinstance(given, Mapping):
            before = config_of(self.instance) if self.instance.pk is not None else {}
            _check(self, "config", lambda: _judge(kind, with_kept_secrets(kind, given, before), self.instance.origin))
        return found


def _judge(kind: str, given: Mapping[str, Any], origin: str) -> None:
    for field, url in addresses_of(kind, read_config(kind, given, is_partial=bool(origin))).items():
        check_address(url, field=field)


def _check(form: forms.ModelForm, field: str, judge: Any) -> None:  # type: ignore[type-arg]
    try:
        judge()
    except DomainError as refusal:
        form.add_error(field, words_of(refusal))


@admin.register(Channel)
class ChannelAdmin(_Operated):
    form = ChannelForm
    list_display = ["name", "kind", "is_enabled", "is_default", "failures", "rests_until", "problem"]
    list_filter = ["kind", "is_enabled"]
    said_fields = ["problem"]
    fields = [
        "name", "kind", "is_enabled", "is_default", "sends_resolved", "timeout_s", "retry_attempts", "config",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        rows: QuerySet[Channel] = super().get_queryset(request)
        return rows.exclude(kind=ChannelKind.ENDPOINT)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return [] if obj is None else ["kind"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_own = obj is None or getattr(obj, "origin", "") != "built_in"
        return is_own and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        names = ("name", "is_enabled", "is_default", "sends_resolved", "timeout_s", "retry_attempts")
        given = {name: form.cleaned_data[name] for name in names}
        config = form.cleaned_data["config"] or {}
        if change:
            new = config if "config" in form.changed_data else None
            update_channel(actor_id=request.user.pk, channel_id=obj.pk, config=new, ip=client_ip(request), **given)
            return
        made = create_channel(actor_id=request.user.pk, kind=obj.kind, config=config, ip=client_ip(request), **given)
        obj.pk = made.row.id
        if made.secret:
            told = gettext("It signs with %(secret)s - copy it now, it is never shown again.")
            messages.warning(request, told % {"secret": made.secret})

    def delete_model(self, request: HttpRequest, obj: Channel) -> None:
        delete_channel(actor_id=request.user.pk, channel_id=obj.pk, ip=client_ip(request))


@admin.register(Contact)
class ContactAdmin(_Operated):
    list_display = ["user", "channel", "address"]
    autocomplete_fields = ["user"]
    fields = ["user", "channel", "address"]


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_document(self) -> Any:
        document = self.cleaned_data["document"]
        _check(self, "document", lambda: schedule_of("schedule", document))
        return document


@admin.register(OnCallSchedule)
class OnCallScheduleAdmin(_Operated):
    form = ScheduleForm
    list_display = ["name", "updated_at"]
    fields = ["name", "document"]


@admin.register(OnCallOverride)
class OnCallOverrideAdmin(_Operated):
    list_display = ["schedule", "person", "starts_at", "ends_at", "author"]
    autocomplete_fields = ["person"]
    fields = ["schedule", "person", "starts_at", "ends_at"]
    ordering = ["-ends_at"]

    def save_model(self, request: HttpRequest, obj: OnCallOverride, form: Any, change: bool) -> None:
        obj.author = request.user.get_username()
        super().save_model(request, obj, form, change)


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_document(self) -> Any:
        document = self.cleaned_data["document"]
        after_s = float(current_settings().escalation_s)
        _check(self, "document", lambda: policy_of("plan", document, raise_after_s=after_s))
        return document


@admin.register(EscalationPlan)
class EscalationPlanAdmin(_Operated):
    form = PlanForm
    list_display = ["name", "is_default", "updated_at"]
    fields = ["name", "document", "is_default"]


@admin.register(EscalationRun)
class EscalationRunAdmin(_Seen):
    list_display = ["key", "policy", "status", "severity", "began_at", "due_at", "calls", "healed", "late_ms_max"]
    list_filter = [("status", SaidFilter)]
    ordering = ["-began_at"]
    said_fields = ["status"]
    fields = [
        "key", "incident", "policy", "status", "severity", "began_at", "due_at", "ended_at", "calls", "healed",
        "late_ms_max", "state",
    ]  # fmt: skip


def _replay(request: HttpRequest, row: Delivery, form: forms.Form) -> str:
    assert request.user.pk is not None
    replay_delivery(actor_id=request.user.pk, delivery_id=row.pk, ip=client_ip(request))
    return gettext("It is sent again.")


REPLAY: Final = StaffAction("replay", gettext_lazy("Send again"), _replay)


@admin.register(Delivery)
class DeliveryAdmin(_Seen):
    list_display = ["key", "channel", "source", "status", "attempts", "created_at", "ended_at", "problem"]
    list_filter = ["status", ("source", SaidFilter), "channel"]
    ordering = ["-id"]
    said_fields = ["source", "reason", "problem"]
    fields = [
        "key", "channel", "recipient", "user", "source", "thread", "reason", "status", "created_at", "due_at",
        "deadline_at", "attempts", "failed", "progress", "is_leased", "first_tried_at", "ended_at", "problem",
        "bundle", "replays",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = super().get_queryset(request)
        return rows.exclude(source=ENDPOINT_SOURCE)

    def open_actions(self, request: HttpRequest, target: Delivery) -> Sequence[StaffAction]:
        return [REPLAY] if target.status in _DEAD and request.user.has_perm(_CHANGE) else []


def _audit(request: HttpRequest, action: str, target: Model, after: Mapping[str, Any]) -> None:
    record_audit(actor_id=request.user.pk, action=action, target=target, after=after, ip=client_ip(request))


class SettingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the engine can't read is refused beside its field."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for name in ("matchers", "source", "target"):
            if text := found.get(name):
                _check(self, name, lambda text=text: read_matchers(text))
        if found.get("hours"):
            _check(self, "hours", lambda: hours_of(found["hours"]))
        return found


@admin.register(AlertingEngine)
class EngineAdmin(_Operated):
    """What is left empty is as the environment or config/alerting.yaml has it."""

    list_display = ["__str__", "is_on", "interval_s", "escalation_s", "evaluated_at", "rounds"]
    fields = ["interval_s", "escalation_s", "group_wait_s", "group_interval_s", "repeat_interval_s"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AlertRoute)
class RouteAdmin(_Operated):
    form = SettingForm
    list_display = ["name", "position", "matchers", "channels"]
    fields = [
        "name", "position", "matchers", "channels", "group_by", "group_wait_s", "group_interval_s",
        "repeat_interval_s", "goes_on", "mute_times",
    ]  # fmt: skip


@admin.register(MuteTime)
class MuteTimeAdmin(_Operated):
    form = SettingForm
    list_display = ["name", "matchers", "is_enabled"]
    fields = ["name", "hours", "matchers", "is_enabled"]


@admin.register(Inhibition)
class InhibitionAdmin(_Operated):
    form = SettingForm
    list_display = ["name", "source", "target", "equal"]
    fields = ["name", "source", "target", "equal"]
