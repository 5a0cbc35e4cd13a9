"""What can be refused about jobs.

JobNotFound      job.not_found       404
JobTooMany       job.too_many        429
JobsPaused       job.paused          503
JobEnded         job.ended           409
JobWithoutFile   job.without_file    404
RunStopped       never shown: ends an attempt from within
"""

from common.errors import DomainError


class JobNotFound(DomainError):
    code = "job.not_found"
    title = "There is no such job, or it isn't yours."
    status = 404


class JobTooMany(DomainError):
    code = "job.too_many"
    title = "You have enough jobs of this kind waiting."
    status = 429


class JobsPaused(DomainError):
    code = "job.paused"
    title = "New jobs of this kind are paused."
    status = 503


class JobEnded(DomainError):
    code = "job.ended"
    title = "The job has ended."
    status = 409


class JobWithoutFile(DomainError):
    code = "job.without_file"
    title = "The job has no file to download."
    status = 404


class RunStopped(Exception):
    """The attempt must end now and leave nothing behind: cancelled, or its lease has gone."""
