"""The numbers of an evaluation as a table for people."""

from collections.abc import Mapping
from typing import Any, Final

from analytics.market_ai.engine.learning.scores import worse_sources

_HEAD: Final = (
    f"{'source':<26}{'n':>6}{'groups':>7}  {'Brier: model':>12}{'price':>8}{'base':>8}"
    f"  {'log loss: model':>15}{'price':>8}{'base':>8}  {'cal. error: model':>17}{'price':>8}"
    f"  {'model - price, Brier [95 %]':>30}  {'log loss [95 %]':>30}  {'80 % holds':>10}"
)


def table(metrics: Mapping[str, Any]) -> str:
    """One line a source, the pooled one, and what they say."""
    lines = [_HEAD, *(_line(name, entry) for name, entry in metrics["sources"].items())]
    lines += ["-" * len(_HEAD), _line("all", metrics["pooled"]), ""]
    worse = worse_sources(metrics["sources"])
    pooled = metrics["pooled"]
    better = all(pooled[f"{name}_difference"]["mean"] < 0.0 for name in ("brier", "log_loss"))
    lines += [
        f"Worse than the price by more than noise: {', '.join(worse) or 'nowhere'}.",
        f"Pooled, the model is {'better' if better else 'not better'} than the price by both scores.",
        "Every number comes from answers that weren't known, and groups that weren't seen, when it was told.",
        "A contract counts once however often it was told. Intervals draw groups; * marks more than noise.",
        "Base rate: the source's share of yes so far. Log loss is held at a chance of 0.002.",
    ]
    return "\n".join(lines)


def _line(name: str, entry: Mapping[str, Any]) -> str:
    brier, logs, gap = entry["brier"], entry["log_loss"], entry["calibration_error"]
    held = entry["interval_coverage"]
    return (
        f"{name or 'this site':<26}{entry['contracts']:>6}{entry['groups']:>7}"
        f"  {brier['model']:>12.4f}{brier['price']:>8.4f}{brier['base']:>8.4f}"
        f"  {logs['model']:>15.4f}{logs['price']:>8.4f}{logs['base']:>8.4f}"
        f"  {gap['model']:>17.4f}{gap['price']:>8.4f}"
        f"  {_difference(entry['brier_difference']):>30}  {_difference(entry['log_loss_difference']):>30}"
        f"  {'-' if held is None else f'{held:.1%}':>10}"
    )


def _difference(found: Mapping[str, Any]) -> str:
    if found["low"] is None:
        return f"{found['mean']:+.5f} [one group]"
    mark = " " if found["is_noise"] else "*"
    return f"{found['mean']:+.5f} [{found['low']:+.4f}, {found['high']:+.4f}]{mark}"
