"""Reactions to facts, each a nudge that a sweep or a poll repeats if it is lost; and the kernel's own kinds of job."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from common.bus import subscribe
from common.flags.events import FlagSwitched
from common.flags.nudge import tell_processes
from common.flags.switch import provide_flags
from common.jobs.declared import TIDY
from common.jobs.events import JobQueued
from common.jobs.kinds import declare
from common.mail.send import SEND_EMAIL
from common.tasks import work_off_jobs

declare(TIDY)
declare(SEND_EMAIL)


@subscribe(JobQueued)
def nudge_workers(event: JobQueued) -> None:
    work_off_jobs.apply_async(retry=False)


@subscribe(FlagSwitched)
def spread_the_switch(event: FlagSwitched) -> None:
    tell_processes(event.name)


@receiver(post_migrate, dispatch_uid="common.provide_flags")
def list_declared_flags(sender: AppConfig, **kwargs: Any) -> None:
    if sender.label == "common":
        provide_flags()
