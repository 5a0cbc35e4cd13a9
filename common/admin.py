"""Background jobs and feature flags, for staff."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext
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
from common.phrases import said
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
    if now.ended_at:
        return gettext("%(job)s is cancelled.") % {"job": job}
    return gettext("%(job)s will stop at its next word of progress.") % {"job": job}


def _repeat(request: HttpRequest, job: Job, form: forms.Form) -> str:
    repeat_job(job_id=job.pk)
    _record(request, "common.repeat_job", job, form, JobStatus.PENDING)
    return gettext("%(job)s waits for a worker again.") % {"job": job}


CANCEL: Final = StaffAction("cancel", gettext_lazy("Cancel"), _cancel, is_dangerous=True)
REPEAT: Final = StaffAction("repeat", gettext_lazy("Run again"), _repeat)


class AttemptInline(TabularInline):
    model = JobAttempt
    fields = ["number", "worker", "started_at", "ended_at", "shown_outcome", "error"]
    readonly_fields = fields
    ordering = ["-number"]
    extra = 0
    can_delete = False

    @admin.display(description=gettext_lazy("outcome"))
    def shown_outcome(self, attempt: JobAttempt) -> str:
        return said(attempt.outcome)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class KindFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": said(title_of(str(choice["display"])))}


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "title", "owner_id", "status", "progress", "attempt", "created_at", "ended_at"]
    list_filter = ["status", ("kind", KindFilter)]
    search_fields = ["=id", "=owner_id", "=key"]
    ordering = ["-id"]
    inlines = [AttemptInline]
    said_fields = ["words", "error"]
    fields = [
        "title", "owner_id", "parent", "status", "priority", "arguments", "key", "tick_at", "progress", "words",
        "created_at", "due_at", "started_at", "ended_at", "failures", "losses", "leased_until", "is_cancel_asked",
        "error", "result", "file_name", "file_bytes",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("kind"))
    def title(self, job: Job) -> str:
        return said(title_of(job.kind))

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, job: Job) -> str:
        if job.total is None:
            return str(job.done)
        return gettext("%(done)s of %(total)s") % {"done": job.done, "total": job.total}

    def open_actions(self, request: HttpRequest, target: Job) -> Sequence[StaffAction]:
        if not request.user.has_perm(CHANGE_PERMISSION):
            return []
        if target.ended_at is None:
            return [CANCEL]
        return [REPEAT] if target.status == JobStatus.FAILED else []


def _switching(name: str, label: "str | Promise", is_on: bool | None) -> StaffAction:
    def perform(request: HttpRequest, flag: Flag, form: forms.Form) -> str:
        reason = form.cleaned_data["reason"]
        switch_flag(name=flag.name, is_on=is_on, actor_id=request.user.pk, reason=reason, ip=client_ip(request))
        told = {"flag": flag, "state": _state(is_on, flag.name)}
        return gettext("%(flag)s is %(state)s now, in every process within two seconds.") % told

    return StaffAction(name, label, perform, is_dangerous=is_on is False)


def _state(is_on: bool | None, name: str) -> str:
    if is_on is None:
        return gettext("as declared (%(state)s)") % {"state": _state(FLAGS[name].is_on, name)}
    return pgettext("switch", "on") if is_on else pgettext("switch", "off")


ON: Final = _switching("on", gettext_lazy("Switch on"), True)
OFF: Final = _switching("off", gettext_lazy("Switch off"), False)
RESET: Final = _switching("reset", gettext_lazy("As declared"), None)


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ["name", "state", "meaning", "owner", "changed_at"]
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        found: QuerySet[Flag] = super().get_queryset(request)
        return found.filter(name__in=FLAGS)

    @admin.display(description=gettext_lazy("state"))
    def state(self, flag: Flag) -> str:
        return _state(flag.is_on, flag.name)

    @admin.display(description=gettext_lazy("what it opens"))
    def meaning(self, flag: Flag) -> str:
        return said(FLAGS[flag.name].meaning)

    @admin.display(description=gettext_lazy("read by"))
    def owner(self, flag: Flag) -> str:
        return str(apps.get_app_config(FLAGS[flag.name].owner).verbose_name)

    def open_actions(self, request: HttpRequest, target: Flag) -> Sequence[StaffAction]:
        if not request.user.has_perm("common.change_flag"):
            return []
        offered: dict[Any, StaffAction] = {True: ON, False: OFF, None: RESET}
        return [action for is_on, action in offered.items() if is_on is not target.is_on]
