"""When a job is tried again, and when it isn't. Pure."""

from datetime import datetime

from common.jobs.types import JobKind

#: What happens to a job after an attempt that didn't complete.
RETRY, END = "retry", "end"


def after_failure(kind: JobKind, failures: int) -> str:
    """``failures`` counts the one that just happened."""
    return RETRY if failures < kind.failures_max else END


def after_loss(kind: JobKind, losses: int) -> str:
    """A lost worker says little about the work, so losses are counted apart."""
    return RETRY if losses < kind.losses_max else END


def delay_s(kind: JobKind, failures: int) -> float:
    """Seconds until the next attempt: doubled after each failure, up to the kind's longest."""
    return min(kind.backoff_s * 2.0 ** min(failures - 1, 60), kind.backoff_max_s)


def tick_at(every_s: int, now: datetime) -> datetime:
    """The moment of the newest turn of work that runs each ``every_s`` seconds, the same in every process."""
    return datetime.fromtimestamp(now.timestamp() // every_s * every_s, tz=now.tzinfo)
