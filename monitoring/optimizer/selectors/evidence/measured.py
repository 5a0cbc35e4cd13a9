"""What the series of the site say: the mean of the last minutes of each."""

from datetime import timedelta
from typing import Final

from django.db import connection

from common import clock

SPAN: Final = timedelta(minutes=3)
_MEANS: Final = """
SELECT s.name, sum(r.sum) / sum(r.count)
FROM monitoring_sample r JOIN monitoring_series s ON s.id = r.series_id
WHERE r.bucket > '{since}' AND s.dimension = ''
GROUP BY s.name
"""


def recent_means(span: timedelta = SPAN) -> dict[str, float]:
    """By series; what nobody measured isn't there."""
    since = (clock.now() - span).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(_MEANS.format(since=since))
        return dict(cursor.fetchall())
