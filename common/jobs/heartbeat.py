"""Keep the lease of a running job, tell its progress, and hear that it is cancelled.

Contract   A thread of its own with a connection of its own: the work's transaction is neither seen nor touched.
           It renews the lease three times a lease, at least once a second, until ``stop``.
Bound      Work that runs longer than ``run_s_max`` loses its lease: then another attempt is made.
"""

import threading
import time
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection

from common import clock
from common.jobs.types import JobKind
from common.models import Job, JobStatus


class Heartbeat:
    """``is_stopped`` turns true when the work must end; ``is_cancelled`` says whether its owner wants that."""

    def __init__(self, job: Job, kind: JobKind) -> None:
        self._job_id, self._lease, self._kind = job.pk, job.lease, kind
        self._until = time.monotonic() + kind.run_s_max
        self._has_ended = threading.Event()
        self.said: tuple[int, int | None, str] = (0, None, "")
        self.is_cancelled = self.is_stopped = False
        self._thread = threading.Thread(target=self._run, name=f"job-{job.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._has_ended.set()
        self._thread.join()

    def say(self, done: int, total: int | None, words: str) -> None:
        self.said = done, total, words

    def _run(self) -> None:
        pause_s = min(1.0, self._kind.lease_s / 3)
        try:
            while not self._has_ended.wait(pause_s) and not self.is_stopped:
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        if time.monotonic() > self._until:
            self.is_stopped = True
            return
        try:
            self._renew()
        except (DatabaseError, InterfaceError):
            # The lease runs on for a while; the next beat tries again on a new connection.
            connection.close()

    def _renew(self) -> None:
        done, total, words = self.said
        held = Job.objects.filter(pk=self._job_id, status=JobStatus.RUNNING, lease=self._lease)
        until = clock.now() + timedelta(seconds=self._kind.lease_s)
        if not held.update(leased_until=until, done=done, total=total, words=words[:200]):
            self.is_stopped = True
        elif held.filter(is_cancel_asked=True).exists():
            self.is_cancelled = self.is_stopped = True
