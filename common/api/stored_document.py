"""The OpenAPI document as it was recorded, which a test keeps equal to what the program would generate.

Why        Generating it takes a second and a half of a web process; reading it some milliseconds.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_STORED: Final = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


@lru_cache(maxsize=1)
def stored_document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_STORED.read_text("utf-8"))
    return document
