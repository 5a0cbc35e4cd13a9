"""The style of reports in HTML: one for all of them, so that a page that shows one may allow it by name."""

import base64
import hashlib
from typing import Final

from django.template.loader import render_to_string

_FILE: Final = "analytics/reports/_document.css"


def document_style() -> str:
    """The text of the style element."""
    return render_to_string(_FILE).strip()


def style_source() -> str:
    """The style as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(document_style().encode()).digest()).decode()}'"
