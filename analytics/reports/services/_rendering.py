"""Contents as the bytes of a file, by format. Imported by workers only: it loads reportlab and XlsxWriter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analytics.reports.errors import ReportTooLong
from analytics.reports.services._as_csv import as_csv
from analytics.reports.services._as_html import as_html
from analytics.reports.services._as_json import as_json
from analytics.reports.services._as_pdf import as_pdf
from analytics.reports.services._as_xlsx import as_xlsx
from analytics.reports.types import Contents, Format

BYTES_MAX: Final = 16 * 1024 * 1024
#: Rows of what people read rather than programs.
PAGES_ROWS_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Kind:
    write: Callable[[Contents, datetime], bytes]
    content_type: str
    is_for_eyes: bool = False


_KINDS: Final = {
    Format.HTML: _Kind(as_html, "text/html; charset=utf-8", is_for_eyes=True),
    Format.PDF: _Kind(as_pdf, "application/pdf", is_for_eyes=True),
    Format.CSV: _Kind(as_csv, "text/csv; charset=utf-8; header=present"),
    Format.XLSX: _Kind(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Format.JSON: _Kind(as_json, "application/json"),
}


def rendered(contents: Contents, chosen: Format, made_at: datetime) -> tuple[bytes, str]:
    """The file and its content type. Raises: ReportTooLong"""
    kind, count = _KINDS[chosen], len(contents.table.rows)
    if kind.is_for_eyes and count > PAGES_ROWS_MAX:
        detail = f"It has {count:,} rows; {chosen.upper()} takes {PAGES_ROWS_MAX:,}. Choose CSV, XLSX or JSON."
        raise ReportTooLong(detail)
    content = kind.write(contents, made_at)
    if len(content) > BYTES_MAX:
        detail = f"It has {len(content):,} bytes; {BYTES_MAX:,} are allowed. Choose fewer days or splits."
        raise ReportTooLong(detail)
    return content, kind.content_type
