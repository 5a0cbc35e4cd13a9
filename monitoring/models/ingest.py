"""How far the stream of frames has been stored, and which rollups wait to be made again."""

from django.db import models
from django.utils.translation import gettext


class IngestPosition(models.Model):
    """Moves in the transaction that writes the samples, so that each frame is stored exactly once.

    The counters tell what became of the frames since the beginning.
    """

    stream = models.CharField(max_length=40, primary_key=True)
    position = models.CharField(max_length=40, default="0-0")
    frames_stored = models.BigIntegerField(default=0)
    frames_repeated = models.BigIntegerField(default=0)
    frames_refused = models.BigIntegerField(default=0)
    stored_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return gettext("%(stream)s at %(position)s") % {"stream": self.stream, "position": self.position}


class DirtyBucket(models.Model):
    """A minute (60) or hour (3600) whose finer rows have changed since it was rolled up, or that was never."""

    pk = models.CompositePrimaryKey("resolution_s", "bucket")
    resolution_s = models.PositiveSmallIntegerField()
    bucket = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.resolution_s} s from {self.bucket}"
