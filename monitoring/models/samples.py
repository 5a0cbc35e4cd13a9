"""What was measured, at three resolutions: 10 seconds, a minute and an hour.

Contract   A row folds the values of the seconds in ``[bucket, bucket + resolution)``: ``sum / count`` is their mean,
           ``last`` the newest, ``anomaly_count`` how many the detector found unusual. No value, no row.
Storage    Partitioned by time, samples and minutes by day, hours by month; partitions are made ahead and dropped by
           the functions of migration 0001. Columns are ordered so that no row has holes.
"""

from django.db import models


class Folded(models.Model):
    bucket = models.DateTimeField()
    min = models.FloatField()
    max = models.FloatField()
    sum = models.FloatField()
    last = models.FloatField()
    # Written by the only writer of series; a check for each of a million rows a day would buy nothing.
    series = models.ForeignKey(
        "monitoring.Series", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    count = models.IntegerField()
    anomaly_count = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"series {self.series_id} at {self.bucket}"


class Sample(Folded):
    pk = models.CompositePrimaryKey("series_id", "bucket")


class MinuteRollup(Folded):
    pk = models.CompositePrimaryKey("series_id", "bucket")


class HourRollup(Folded):
    pk = models.CompositePrimaryKey("series_id", "bucket")
