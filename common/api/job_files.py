"""The file of a job as an answer, read from disk piece by piece."""

from django.http import FileResponse

from common.jobs.reading import result_file
from common.models import Job


def file_answer(job: Job) -> FileResponse:
    """Raises: JobWithoutFile"""
    # The response closes the file when it has been sent.
    answer = FileResponse(
        result_file(job).open("rb"), as_attachment=True, filename=job.file_name, content_type=job.file_type
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
