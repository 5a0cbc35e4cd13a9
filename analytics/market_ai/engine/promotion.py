"""The rule by which a trained model may answer.

Contract   Promoted if, on groups it hadn't seen, it is not worse than the price pooled, by Brier score and log loss;
           in no source worse than the price by more than noise; its 80 % interval holds 77 to 83 % (where 100
           contracts tell); not worse than the live model by more than noise on contracts new to both; and it has not
           learned from far fewer contracts than the live one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

COVERAGE: Final = (0.77, 0.83)
_COVERAGE_CONTRACTS: Final = 100
_CONTRACTS_SHARE: Final = 0.8
_SCORES: Final = (("brier", "Brier score"), ("log_loss", "log loss"))


def objections(metrics: Mapping[str, Any], *, contracts: int, live_contracts: int) -> list[str]:
    """Why a model with these ``metrics`` may not become live, in sentences; empty: it may."""
    return [
        *_against_price(metrics["pooled"]),
        *_by_source(metrics["sources"]),
        *_coverage(metrics["pooled"]),
        *_against_live(metrics.get("against_live")),
        *_size(contracts, live_contracts),
    ]


def _against_price(pooled: Mapping[str, Any]) -> Iterator[str]:
    for name, words in _SCORES:
        mean = pooled[f"{name}_difference"]["mean"]
        if mean > 0.0:
            yield f"Its {words} is {mean:.5f} worse than the price's."


def _by_source(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for source, entry in sources.items():
        for name, words in _SCORES:
            found = entry[f"{name}_difference"]
            if found["mean"] > 0.0 and not found["is_noise"]:
                yield f"In {source or 'this site'} its {words} is worse than the price's by more than noise."


def _coverage(pooled: Mapping[str, Any]) -> Iterator[str]:
    held, (low, high) = pooled["interval_coverage"], COVERAGE
    if held is not None and pooled["interval_contracts"] >= _COVERAGE_CONTRACTS and not low <= held <= high:
        yield f"Its 80 % interval held {held:.1%} of the answers."


def _against_live(compared: Mapping[str, Any] | None) -> Iterator[str]:
    for name, words in _SCORES if compared else ():
        assert compared is not None
        if compared[name]["mean"] > 0.0 and not compared[name]["is_noise"]:
            yield f"Its {words} is worse than that of live model {compared['model']} by more than noise."


def _size(contracts: int, live_contracts: int) -> Iterator[str]:
    if contracts < _CONTRACTS_SHARE * live_contracts:
        yield f"It learned from {contracts} contracts, the live model from {live_contracts}."
