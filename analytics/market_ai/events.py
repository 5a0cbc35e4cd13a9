"""Facts of the market AI."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelPromoted:
    """Version ``model_id`` answers from now on."""

    model_id: int


@dataclass(frozen=True, slots=True)
class PredictionsChanged:
    """New estimates of these markets are stored."""

    market_ids: tuple[int, ...]
