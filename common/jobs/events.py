"""Facts about jobs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobQueued:
    """A job waits for a worker."""

    job_id: int
