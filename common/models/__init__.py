from common.models.flag import Flag
from common.models.job import Job, JobAttempt, JobStatus
from common.models.lease import Lease

__all__ = ["Flag", "Job", "JobAttempt", "JobStatus", "Lease"]
