"""Background jobs and feature flags, for staff."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from common.audit import record_audit
from common.client_ip import client_ip
from common.flags.declared import FLAGS
from common.flags.switch import switch_flag
from common.jobs.cancel import cancel_job
from common.jobs.kinds import title_of
from common.jobs.reading import CHANGE_PERMISSION
from common.jobs.repeat import repeat_job
from common.models import Flag, Job, JobAttempt, JobStatus
from common.staff_pages import ReadOnlyAdmin, StaffAction


def _record(request: HttpRequest, action: str, job: Job, form: forms.Form, status: str) -> None:
    record_audit(
        actor_id=request.user.pk,
        action=action,
        target=job,
        reason=form.cleaned_data["reason"],
        before={"status": job.status},
        after={"status": status},
        ip=client_ip(request),
    )


def _cancel(request: HttpRequest, job: Job, form: forms.Form) -> str:
    now = cancel_job(job_id=job.pk, reason=form.cleaned_data["reason"][:200])
    _record(request, "common.cancel_job", job, form, now.status)
    return f"{job} is cancelled." if now.ended_at else f"{job} will stop at its next word of progress."


def _repeat(request: HttpRequest, job: Job, form: forms.Form) -> str:
    repeat_job(job_id=job.pk)
    _record(request, "common.repeat_job", job, form, JobStatus.PENDING)
    return f"{job} waits for a worker again."


CANCEL: Final = StaffAction("cancel", "Cancel", _cancel, is_dangerous=True)
REPEAT: Final = StaffAction("repeat", "Run again", _repeat)


class AttemptInline(TabularInline):
    model = JobAttempt
    fields = ["number", "worker", "started_at", "ended_at", "outcome", "error"]
    readonly_fields = fields
    ordering = ["-number"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "title", "owner_id", "status", "progress", "attempt", "created_at", "ended_at"]
    list_filter = ["status", "kind"]
    search_fields = ["=id", "=owner_id", "=key"]
    ordering = ["-id"]
    inlines = [AttemptInline]
    fields = [
        "title", "owner_id", "parent", "status", "priority", "arguments", "key", "tick_at", "progress", "words",
        "created_at", "due_at", "started_at", "ended_at", "failures", "losses", "leased_until", "is_cancel_asked",
        "error", "result", "file_name", "file_bytes",
    ]  # fmt: skip

    @admin.display(description="kind")
    def title(self, job: Job) -> str:
        return title_of(job.kind)

    @admin.display(description="progress")
    def progress(self, job: Job) -> str:
        return f"{job.done} of {job.total}" if job.total is not None else str(job.done)

    def open_actions(self, request: HttpRequest, target: Job) -> Sequence[StaffAction]:
        if not request.user.has_perm(CHANGE_PERMISSION):
            return []
        if target.ended_at is None:
            return [CANCEL]
        return [REPEAT] if target.status == JobStatus.FAILED else []


def _switching(name: str, label: str, is_on: bool | None) -> StaffAction:
    def perform(request: HttpRequest, flag: Flag, form: forms.Form) -> str:
        reason = form.cleaned_data["reason"]
        switch_flag(name=flag.name, is_on=is_on, actor_id=request.user.pk, reason=reason, ip=client_ip(request))
        return f"{flag} is {_state(is_on, flag.name)} now, in every process within two seconds."

    return StaffAction(name, label, perform, is_dangerous=is_on is False)


def _state(is_on: bool | None, name: str) -> str:
    if is_on is None:
        return f"as declared ({'on' if FLAGS[name].is_on else 'off'})"
    return "on" if is_on else "off"


ON: Final = _switching("on", "Switch on", True)
OFF: Final = _switching("off", "Switch off", False)
RESET: Final = _switching("reset", "As declared", None)


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ["name", "state", "meaning", "owner", "changed_at"]
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        found: QuerySet[Flag] = super().get_queryset(request)
        return found.filter(name__in=FLAGS)

    @admin.display(description="state")
    def state(self, flag: Flag) -> str:
        return _state(flag.is_on, flag.name)

    @admin.display(description="what it opens")
    def meaning(self, flag: Flag) -> str:
        return FLAGS[flag.name].meaning

    @admin.display(description="read by")
    def owner(self, flag: Flag) -> str:
        return FLAGS[flag.name].owner

    def open_actions(self, request: HttpRequest, target: Flag) -> Sequence[StaffAction]:
        if not request.user.has_perm("common.change_flag"):
            return []
        offered: dict[Any, StaffAction] = {True: ON, False: OFF, None: RESET}
        return [action for is_on, action in offered.items() if is_on is not target.is_on]
