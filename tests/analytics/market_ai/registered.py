"""Versions in the registry without training them."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from analytics.market_ai.engine.learning.matrix import COLUMNS
from analytics.market_ai.engine.learning.training import Trained
from analytics.market_ai.models import ModelVersion


def register(trained: Trained, packed: bytes, **fields: Any) -> ModelVersion:
    given: dict[str, Any] = {
        "status": "candidate",
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        "origin": "histories in tests",
        "data_sha256": "0" * 64,
        "contracts": 100,
        "groups": 50,
        "samples": 600,
        "learned_from": datetime(2023, 11, 14, tzinfo=UTC),
        "learned_until": datetime(2024, 4, 30, tzinfo=UTC),
        "features": list(COLUMNS),
        "parameters": {},
        "metrics": trained.metrics | {"against_live": None},
        "artefact": packed,
        "artefact_sha256": hashlib.sha256(packed).hexdigest(),
        **fields,
    }
    return ModelVersion.objects.create(**given)
