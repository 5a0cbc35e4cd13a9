"""Make all rollups again from the beginning and compare them with those that grew.

Contract   All in one transaction that holds every position: the rebuilt rollups read exactly as far as the others had.
           Samples of books, reconciliations and restatements are observations, which can't be made again; they stay.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from analytics.business.models import Position
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.refresh_days import refresh_days

_FOR_EVER: Final = 1e9
_FACTS: Final = "market_id, topic, kind, settled_on, maker_result, resolve_s, brier, log_loss, scored"
_DIGEST: Final = """
SELECT count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0)::text FROM ({rows}) r
"""
#: What of each table is compared.
COMPARED: Final[Mapping[str, str]] = {
    "marketday": "*",
    "traderday": "*",
    "pairday": "*",
    "hourofday": "*",
    "ledgerday": "*",
    "trader": "*",
    "siteday": "*",
    "scoredoutcome": "*",
    "marketfacts": _FACTS,
    "position": "market_id, seq",
}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Digests before and after, of all tables and of each."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def is_equal(self) -> bool:
        return self.before == self.after

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(name for name, digest in self.after.items() if self.before[name] != digest)


def rebuild_rollups(*, is_check: bool = False) -> Rebuilt:
    """Bring the rollups up to date, make them again and compare; ``is_check`` leaves them as they were."""
    fold_activity(budget_s=_FOR_EVER)
    with transaction.atomic():
        held = Position.objects.select_for_update().order_by("market_id")
        upto = dict(held.values_list("market_id", "seq"))
        refresh_days(budget_s=_FOR_EVER)
        before = digests()
        _empty()
        fold_activity(budget_s=_FOR_EVER, upto=upto)
        refresh_days(budget_s=_FOR_EVER)
        rebuilt = Rebuilt(before, digests())
        if is_check:
            transaction.set_rollback(True)
    return rebuilt


def digests() -> dict[str, str]:
    """SHA-256 of the sum of all rows' hashes, by table; the order of rows doesn't matter."""
    found = {}
    with connection.cursor() as cursor:
        for name, columns in COMPARED.items():
            rows = f"SELECT {columns} FROM business_{name}"  # noqa: S608  constants of this module; nosemgrep: raw-sql
            cursor.execute(_DIGEST.format(rows=rows))
            found[name] = hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()
    return found


def _empty() -> None:
    with connection.cursor() as cursor:
        for name in (*COMPARED, "dirtyday"):
            cursor.execute(f"DELETE FROM business_{name}")  # noqa: S608  constants of this module; nosemgrep: raw-sql
