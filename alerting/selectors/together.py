"""Rules that have mostly fired together: what folding has learnt from the last weeks."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

#: So far back is looked, and so close together is together.
SPAN: Final = timedelta(days=30)
_NEAR: Final = timedelta(minutes=5)
#: So often at least, and so large a share of the rarer rule's alerts.
_TIMES_MIN: Final = 3
_SHARE_MIN: Final = 0.5
_PER_RULE_MAX: Final = 200
_STATEMENT: Final = """
WITH recent AS (
    SELECT rule_name, started_at, row_number() OVER (PARTITION BY rule_name ORDER BY started_at DESC) AS number
    FROM alerting_alert WHERE started_at >= %(since)s AND started_at < %(now)s
), counted AS (
    SELECT rule_name, started_at, count(*) OVER (PARTITION BY rule_name) AS total
    FROM recent WHERE number <= %(most)s
)
SELECT one.rule_name, other.rule_name
FROM counted one JOIN counted other ON other.rule_name <> one.rule_name
    AND other.started_at BETWEEN one.started_at - %(near)s AND one.started_at + %(near)s
WHERE one.rule_name = ANY(%(rules)s)
GROUP BY 1, 2
HAVING count(DISTINCT one.started_at) >= %(times)s
    AND count(DISTINCT one.started_at) >= %(share)s * least(min(one.total), min(other.total))
"""


def rules_together(rules: Collection[str], now: datetime) -> set[frozenset[str]]:
    """Pairs with one of ``rules`` in them."""
    values: dict[str, Any] = {
        "since": now - SPAN,
        "now": now,
        "near": _NEAR,
        "most": _PER_RULE_MAX,
        "rules": list(rules),
        "times": _TIMES_MIN,
        "share": _SHARE_MIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        return {frozenset(pair) for pair in cursor.fetchall()}
