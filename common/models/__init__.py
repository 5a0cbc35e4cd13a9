from common.models.job import Job, JobAttempt, JobStatus

__all__ = ["Job", "JobAttempt", "JobStatus"]
