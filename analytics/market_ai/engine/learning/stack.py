"""The price and both ensembles, joined and calibrated so that little is believed that wasn't shown.

Contract   ``log-odds = slope * price's + lift + forest's shift * f + boosting's shift * g`` with f, g >= 0. A logistic
           regression whose coefficients are held near (1, 0, 0, 0), the price itself, by penalties that are worth so
           many answered contracts; then slope and lift once more for each source, held near the joint ones. A source
           that was never seen uses the joint ones and no ensemble: what they learned of other sources' crowds and
           volumes says nothing of it.
Why        On real histories a price is hard to beat and easy to spoil: an unheld stack moves prices by what a handful
           of contracts happened to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.market_ai.engine.learning.matrix import Floats, Matrix

#: How many answered contracts weigh as much as the belief that the price is right.
JOINT_HOLD: Final = np.array([1_000.0, 10_000.0, 10.0, 10.0])
SOURCE_HOLD: Final = np.array([40.0, 40.0])
PRICE_ITSELF: Final = np.array([1.0, 0.0, 0.0, 0.0])
_ROUNDS: Final = 25


@dataclass(frozen=True, slots=True)
class Stack:
    """``joint``: slope, lift, f, g; ``by_source``: slope and lift."""

    joint: Floats
    by_source: Mapping[str, Floats]

    def log_odds(self, rows: Matrix, moved: Floats) -> Floats:
        own = np.array([self.by_source.get(source, self.joint[:2]) for source in rows.source]).reshape(len(rows), 2)
        shift = np.isin(rows.source, list(self.by_source)) * (moved @ self.joint[2:])
        return np.asarray(own[:, 0] * rows.odds + own[:, 1] + shift, dtype=np.float64)

    def probability(self, rows: Matrix, moved: Floats) -> Floats:
        return np.asarray(1.0 / (1.0 + np.exp(-self.log_odds(rows, moved))), dtype=np.float64)


PRICE_STACK: Final = Stack(PRICE_ITSELF, {})


def fit(rows: Matrix, moved: Floats) -> Stack:
    """The stack on ``rows`` and the shifts that were told of them before their answers were known."""
    if not len(rows):
        return PRICE_STACK
    joint = _joint(rows, moved)
    by_source = {}
    for source in sorted(set(rows.source)):
        own = rows.source == source
        inputs = np.column_stack([rows.odds[own], np.ones(int(own.sum()))])
        offset = moved[own] @ joint[2:]
        by_source[source] = _logistic(inputs, rows.outcome[own], rows.weight[own], offset, (joint[:2], SOURCE_HOLD))
    return Stack(joint, by_source)


def _joint(rows: Matrix, moved: Floats) -> Floats:
    inputs = np.column_stack([rows.odds, np.ones(len(rows)), moved])
    hold = JOINT_HOLD.copy()
    weight = _balanced(rows)
    for _ in range(3):
        found = _logistic(inputs, rows.outcome, weight, np.zeros(len(rows)), (PRICE_ITSELF, hold))
        against = found[2:] < 0.0
        if not against.any():
            return found
        # An ensemble that pulled the wrong way is not believed at all.
        hold[2:][against] = 1e9
    return np.asarray(np.maximum(found, np.array([-np.inf, -np.inf, 0.0, 0.0])), dtype=np.float64)


def _balanced(rows: Matrix) -> Floats:
    """No source has more say in what holds for all than its square root."""
    totals = {source: rows.weight[rows.source == source].sum() for source in set(rows.source)}
    whole = sum(totals.values())
    roots = sum(total**0.5 for total in totals.values())
    factors = {source: whole * total**0.5 / roots / total for source, total in totals.items()}
    return np.asarray(rows.weight * np.array([factors[source] for source in rows.source]), dtype=np.float64)


def _logistic(inputs: Floats, outcome: Floats, weight: Floats, offset: Floats, held: tuple[Floats, Floats]) -> Floats:
    """Newton's method for the penalised likelihood; ``held`` are the centre and how hard it pulls."""
    centre, hold = held
    found = centre.copy()
    for _ in range(_ROUNDS):
        guess = 1.0 / (1.0 + np.exp(-np.clip(inputs @ found + offset, -30.0, 30.0)))
        gradient = inputs.T @ (weight * (guess - outcome)) + hold * (found - centre)
        curve = inputs.T @ (inputs * (weight * guess * (1.0 - guess))[:, None]) + np.diag(hold)
        step = np.linalg.solve(curve, gradient)
        found = found - step
        if np.abs(step).max() < 1e-9:
            break
    return found
