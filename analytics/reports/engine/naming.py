"""What a reader's copy of a report is called."""

import re
import unicodedata
from datetime import date

from analytics.reports.types import Format


def file_name(title: str, first_on: date, last_on: date, chosen: Format) -> str:
    """Letters that every system takes: ``monthly-revenue-2026-10-01-2026-10-31.pdf``."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title.lower()).strip("-")[:60] or "report"
    return f"{words}-{first_on.isoformat()}-{last_on.isoformat()}.{chosen.value}"
