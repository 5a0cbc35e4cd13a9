"""Make all track records again from journals, trades and settlements, and compare them with those that grew.

Contract   All in one transaction: the rebuilt rows read exactly as far as the others had. Forecasts of a market whose
           oldest records are archived can't be made again; they stay, and what is summed from them is made again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from analytics.skill.models import FoldedMarket
from analytics.skill.services.fold_records import fold_records

_RECORD: Final = (
    "market_id, user_id, outcome, bin, trades, said, said_squares, said_yes, said_no, "
    "market, market_squares, market_yes, market_no"
)
#: What of each table is compared.
COMPARED: Final[Mapping[str, str]] = {
    "forecast": _RECORD,
    "result": "*",
    "standing": "*",
    "traderbin": "*",
    "siteforecast": "*",
    "sitebin": "*",
    "foldedmarket": "market_id, seq, trade_id, prices, settled_at, payouts",
}
_DIGEST: Final = """
SELECT count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0)::text FROM ({rows}) r
"""
_ARCHIVED: Final = """EXISTS (SELECT 1 FROM markets_markethead h WHERE h.market_id = {table}.market_id AND h.seq > 0
    AND NOT EXISTS (SELECT 1 FROM markets_marketevent e WHERE e.market_id = h.market_id AND e.seq = 1))"""
_EMPTY: Final = (
    "DELETE FROM skill_result",
    "DELETE FROM skill_standing",
    "DELETE FROM skill_traderbin",
    "DELETE FROM skill_siteforecast",
    "DELETE FROM skill_sitebin",
    f"DELETE FROM skill_forecast WHERE NOT {_ARCHIVED.format(table='skill_forecast')}",  # noqa: S608 - constants
    f"DELETE FROM skill_foldedmarket WHERE NOT {_ARCHIVED.format(table='skill_foldedmarket')}",  # noqa: S608
    "UPDATE skill_foldedmarket SET settled_at = NULL, payouts = '{}'",
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Digests before and after, by table."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def is_equal(self) -> bool:
        return self.before == self.after


def rebuild_records(*, is_check: bool = False) -> Rebuilt:
    """Bring the records up to date, make them again and compare; ``is_check`` leaves them as they were."""
    with transaction.atomic():
        _fold_everything()
        upto = dict(FoldedMarket.objects.values_list("market_id", "seq"))
        before = digests()
        with connection.cursor() as cursor:
            for statement in _EMPTY:
                cursor.execute(statement)
        _fold_everything(upto)
        rebuilt = Rebuilt(before, digests())
        if is_check:
            transaction.set_rollback(True)
    return rebuilt


def _fold_everything(upto: Mapping[int, int] | None = None) -> None:
    """With ``upto`` every market to just there; else until nothing new is found."""
    while fold_records(upto=upto):
        pass


def digests() -> dict[str, str]:
    """SHA-256 of the sum of all rows' hashes, by table; the order of rows doesn't matter."""
    found = {}
    with connection.cursor() as cursor:
        for name, columns in COMPARED.items():
            rows = f"SELECT {columns} FROM skill_{name}"  # noqa: S608 - constants of this module
            cursor.execute(_DIGEST.format(rows=rows))
            found[name] = hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()
    return found
