from common.models.flag import Flag
from common.models.job import Job, JobAttempt, JobStatus

__all__ = ["Flag", "Job", "JobAttempt", "JobStatus"]
