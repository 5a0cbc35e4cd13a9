"""The registry as staff read it; never the artefact itself."""

from typing import Final

from django.db.models import QuerySet

from analytics.market_ai.errors import ModelNotFound
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.types import ModelStatus

LISTED_MAX: Final = 50


def listed_models() -> list[ModelVersion]:
    """The newest versions, newest first."""
    return list(_shown()[:LISTED_MAX])


def model_card(version: int | None) -> ModelVersion | None:
    """This version, or without one the live or else the newest; None while there is none at all.

    Raises: ModelNotFound
    """
    if version is not None:
        found = _shown().filter(pk=version).first()
        if found is None:
            raise ModelNotFound("Look it up on the page of models.")
        return found
    return _shown().filter(status=ModelStatus.LIVE).first() or _shown().first()


def _shown() -> QuerySet[ModelVersion]:
    return ModelVersion.objects.defer("artefact").select_related("created_by").order_by("-id")
