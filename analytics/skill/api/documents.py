"""Track records as JSON: amounts as decimal strings of credits, scores and shares as numbers."""

from typing import Any

from analytics.skill.selectors.boards import BoardRow
from analytics.skill.selectors.profiles import Person, TrackRecord
from analytics.skill.selectors.site_curve import SiteCurve
from analytics.skill.types import WHOLE, Bin
from common.clock import rfc3339
from common.money import format_cash


def row_document(row: BoardRow) -> dict[str, Any]:
    return {"handle": row.handle, "is_simulated": row.is_simulated, **sums_document(row)}


def sums_document(row: BoardRow) -> dict[str, Any]:
    """Means of scores over the scored markets; gains are sums."""
    return {
        "markets": row.markets,
        "won": row.won,
        "profit": format_cash(row.profit),
        "scored": row.scored,
        "brier": _part(row.mean_brier),
        "market_brier": _part(row.mean_market_brier),
        "brier_gain": row.brier_gain / WHOLE,
        "log_loss": _part(row.mean_log_loss),
        "market_log_loss": _part(row.mean_market_log_loss),
        "log_gain": row.log_gain / WHOLE,
    }


def trader_document(person: Person, record: TrackRecord | None) -> dict[str, Any]:
    """``record`` is empty for a private profile and whoever isn't its owner."""
    known = {
        "handle": person.handle,
        "is_simulated": person.is_simulated,
        "joined_at": rfc3339(person.joined_at),
        "is_private": person.is_private,
        "about": person.about,
        "followers": person.followers,
    }
    if record is None:
        return {**known, "record": None}
    return {
        **known,
        "record": {
            "total": sums_document(record.total) if record.total else None,
            "topics": [{"topic": one.slug, **sums_document(one.sums)} for one in record.topics],
            "calibration": [bin_document(one) for one in record.bins],
            "calibration_error": record.error,
            "streak": record.streak,
            "badges": [{"key": one.key, "title": one.title, "meaning": one.meaning} for one in record.badges],
        },
    }


def curve_document(curve: SiteCurve) -> dict[str, Any]:
    return {
        "forecasts": curve.count,
        "calibration_error": curve.error,
        "brier": curve.brier,
        "log_loss": curve.log_loss,
        "bins": [bin_document(one) for one in curve.bins],
    }


def bin_document(one: Bin) -> dict[str, Any]:
    return {
        "low": one.low,
        "high": one.high,
        "forecasts": one.count,
        "forecast": one.forecast,
        "happened": one.happened,
        "likely_low": one.interval[0] if one.interval else None,
        "likely_high": one.interval[1] if one.interval else None,
    }


def _part(ppm: int | None) -> float | None:
    return None if ppm is None else ppm / WHOLE
