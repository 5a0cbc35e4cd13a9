from typing import Any

import pytest

from tests.contract.callers import Callers


@pytest.fixture
def callers(db: None, settings: Any) -> Callers:
    """They may ask as often as they like."""
    settings.API_LIMITS = {bucket: (10**9, span_s) for bucket, (_, span_s) in settings.API_LIMITS.items()}
    return Callers()
