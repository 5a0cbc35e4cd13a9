"""A new model beside the live one, on contracts that neither has learned from."""

from typing import Any, Final

import numpy as np

from analytics.market_ai.engine.learning import rivals, scores
from analytics.market_ai.engine.learning.matrix import Matrix
from analytics.market_ai.engine.learning.walk import Walk
from analytics.market_ai.engine.predictor import Predictor

CONTRACTS_MIN: Final = 20


def against(rows: Matrix, told: Walk, live: Predictor, learned_until: float) -> dict[str, Any] | None:
    """Differences, new minus live; None with fewer than CONTRACTS_MIN contracts that are new to the live model.

    The new model is judged by what its walk told, so it hasn't seen these contracts or their groups either.
    """
    seen_groups = np.unique(rows.group[rows.known_at <= learned_until])
    fresh = (rows.known_at > learned_until) & ~np.isin(rows.group, seen_groups) & told.is_told
    if len(set(rows.key[fresh])) < CONTRACTS_MIN:
        return None
    part = rows.part(fresh)
    said = np.array(
        [
            live.probability(part.inputs[row, :-1].tolist(), float(part.price[row]), part.source[row])
            for row in range(len(part))
        ]
    )
    before, now = rivals.shared_out(part, said), told.probability[fresh]
    differences = {
        "brier": scores.squares(now, part.outcome) - scores.squares(before, part.outcome),
        "log_loss": scores.logs(now, part.outcome) - scores.logs(before, part.outcome),
    }
    return {
        "contracts": len(set(part.key)),
        "model": live.version,
        **{name: scores.difference(values, part.weight, part.group) for name, values in differences.items()},
    }
