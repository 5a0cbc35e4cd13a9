"""Named stretches of time that end now."""

from typing import Final

MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S

#: Seconds by name.
SPANS: Final = {
    "15m": 15 * MINUTE_S,
    "1h": HOUR_S,
    "6h": 6 * HOUR_S,
    "24h": DAY_S,
    "7d": WEEK_S,
    "30d": 30 * DAY_S,
    "90d": 90 * DAY_S,
}
DEFAULT: Final = "1h"
