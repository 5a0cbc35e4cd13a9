"""Ask a trained model about one moment of one contract; plain Python, some 0.3 ms a call.

Contract   The answer is the one that the learning side would give for the same features (a test compares both).
           ``loaded`` refuses bytes whose SHA-256 isn't the expected one before it reads them, and nothing in them
           is ever executed.
"""

import gzip
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from analytics.market_ai.engine.features import EDGE, NAMES, log_odds
from analytics.market_ai.engine.interval import interval_of
from analytics.market_ai.engine.trees import SHIFT_MAX, boosted_value, forest_value, single
from analytics.market_ai.types import Estimate

FORMAT: Final = 1
_BYTES_MAX: Final = 64 * 1024 * 1024


class ModelDamaged(ValueError):
    """The stored bytes aren't those that training wrote."""


class Predictor:
    """A loaded model. ``version`` is its number in the registry."""

    def __init__(self, document: Mapping[str, Any], version: int = 0) -> None:
        if document.get("format") != FORMAT or document["columns"][:-1] != list(NAMES):
            raise ModelDamaged("it was made for other features")
        self._document, self.version = document, version

    @property
    def ranges(self) -> Mapping[str, Any]:
        """How the features were spread in training, for the drift watch."""
        ranges: Mapping[str, Any] = self._document["ranges"]
        return ranges

    def knows(self, source: str) -> bool:
        """Whether answered contracts of ``source`` were in training."""
        return source in self._document["sources"]

    def probability(self, features: Sequence[float], price: float, source: str) -> float:
        """Chance that the contract pays, whatever its rivals."""
        odds = log_odds(price)
        slope, lift, forest_trust, boosting_trust = self._document["joint"]
        found = slope * odds + lift
        if self.knows(source):
            slope, lift = self._document["sources"][source]
            forest, boosting = self._shifts(single([*features, odds]), price, odds)
            found = slope * odds + lift + forest_trust * forest + boosting_trust * boosting
        return 1.0 / (1.0 + math.exp(-min(max(found, -30.0), 30.0)))

    def estimate(self, probability: float) -> Estimate:
        """With its interval and confidence."""
        reach = self._document["reach"]
        low, high = (0.0, 1.0) if reach is None else interval_of(probability, reach)
        return Estimate(probability, low, high, self._confidence(probability))

    def _shifts(self, values: Sequence[float], price: float, odds: float) -> tuple[float, float]:
        moved = min(max(price + forest_value(self._document["forest"], values), EDGE), 1.0 - EDGE)
        forest = math.log(moved / (1.0 - moved)) - odds
        boosting = self._document["boosting"]
        # It began at the single-precision odds, as in training.
        boosted = values[-1] + boosted_value(boosting["trees"], boosting["rate"], values) - odds
        return _held(forest), _held(boosted)

    def _confidence(self, probability: float) -> float:
        lead = max(probability, 1.0 - probability)
        steps = self._document["confidence"]
        if not steps:
            return lead
        return _between(steps, lead)


def loaded(packed: bytes, sha256: str, version: int = 0) -> Predictor:
    """Raises: ModelDamaged"""
    if hashlib.sha256(packed).hexdigest() != sha256:
        raise ModelDamaged("its SHA-256 isn't the one that was written")
    with gzip.open(io.BytesIO(packed)) as stream:
        text = stream.read(_BYTES_MAX + 1)
    if len(text) > _BYTES_MAX:
        raise ModelDamaged("it is too large")
    return Predictor(json.loads(text), version)


def shared_out(probabilities: Sequence[float]) -> list[float]:
    """Of all outcomes of one market, of which just one pays: divided by their sum."""
    total = sum(probabilities)
    return [one / total for one in probabilities] if total > 0.0 else list(probabilities)


def _held(shift: float) -> float:
    return min(max(shift, -SHIFT_MAX), SHIFT_MAX)


def _between(steps: Sequence[Sequence[float]], lead: float) -> float:
    """On the line through ``steps``, level beyond its ends."""
    if lead <= steps[0][0]:
        return steps[0][1]
    for (left, low), (right, high) in pairwise(steps):
        if lead <= right:
            return low + (high - low) * (lead - left) / (right - left) if right > left else high
    return steps[-1][1]
