"""What a site has measured, written as the ingest writes it."""

from datetime import UTC, datetime, timedelta

from monitoring.types import SeriesKey
from tests.monitoring.stored import store


class History:
    """``begin`` is now, on a whole ten seconds."""

    def __init__(self) -> None:
        self.begin = datetime.fromtimestamp(int(datetime.now(UTC).timestamp()) // 10 * 10, UTC)

    def write(self, start: datetime, end: datetime, **values: float) -> None:
        """Each of ``values`` every ten seconds of ``[start, end)``, one percent up and down."""
        at, number, rows = start, 0, {}
        while at < end:
            factor = 1 + 0.01 * (number % 3 - 1)
            rows[int(at.timestamp())] = {SeriesKey(name): value * factor for name, value in values.items()}
            at, number = at + timedelta(seconds=10), number + 1
        store(rows)
