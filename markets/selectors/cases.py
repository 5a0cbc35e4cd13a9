"""The moderators' queue: what waits, oldest first; what was decided, newest first.

Bound      Two statements a page, whatever was reported: the cases, and the first few reports of each.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from common.paging import Page, cut, decode_cursor
from markets.engine.comment_text import html_of
from markets.models import Case
from markets.types import CaseKind, CaseStatus, CommentStatus

PAGE_SIZE: Final = 20
REPORTS_SHOWN: Final = 5
_WAITING: Final = "cases"
_DECIDED: Final = "decided"
_NEVER: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ReportView:
    reporter: str
    reason: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """``text`` and ``author`` are of the comment, or of the market's rules and creator. ``seq``: the market's newest
    journal record. ``reports`` counts all, ``said`` holds the first few."""

    id: int
    kind: CaseKind
    opened_at: datetime
    reports: int
    said: tuple[ReportView, ...]
    slug: str
    question: str
    market_status: str
    seq: int
    comment_id: int | None
    is_shown: bool
    author_id: int
    author: str
    is_author_active: bool
    text: str
    decision: str
    reason: str
    decided_by: str
    decided_at: datetime | None

    @property
    def html(self) -> str:
        return html_of(self.text)


_SELECT: Final = """
SELECT c.id, c.kind, c.opened_at, c.reports, m.slug, m.question, m.status, h.seq, c.comment_id,
    COALESCE(k.status, ''), a.id, a.username, a.is_active, COALESCE(k.text, m.rules),
    c.decision, c.reason, COALESCE(d.username, ''), c.decided_at
FROM markets_case c
JOIN markets_market m ON m.id = c.market_id
JOIN markets_markethead h ON h.market_id = m.id
LEFT JOIN markets_comment k ON k.id = c.comment_id
JOIN accounts_user a ON a.id = COALESCE(k.author_id, m.creator_id)
LEFT JOIN accounts_user d ON d.id = c.decided_by_id
"""
# Constants only are joined here; every value is a bound parameter.
_SELECT_WAITING: Final = _SELECT + (
    "WHERE c.status = 'waiting' AND c.id > %(after)s AND (%(kind)s::text = '' OR c.kind = %(kind)s)"
    " ORDER BY c.id LIMIT %(limit)s"
)
_SELECT_DECIDED: Final = _SELECT + (
    "WHERE c.status = 'decided' AND (c.decided_at, c.id) < (%(at)s, %(before)s)"
    " AND (%(kind)s::text = '' OR c.kind = %(kind)s) ORDER BY c.decided_at DESC, c.id DESC LIMIT %(limit)s"
)
_SELECT_REPORTS: Final = """
SELECT t.id, r.username, r.reason, r.text, r.created_at FROM unnest(%(cases)s::bigint[]) AS t(id)
CROSS JOIN LATERAL (
    SELECT s.id, s.reason, s.text, s.created_at, u.username FROM markets_report s
    JOIN accounts_user u ON u.id = s.reporter_id
    WHERE s.case_id = t.id ORDER BY s.id LIMIT %(limit)s
) r ORDER BY r.id
"""


def waiting_cases(*, kind: str = "", cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[CaseView]:
    """What nobody has decided, the oldest first. Raises: CursorInvalid"""
    after = 0 if cursor is None else decode_cursor(_WAITING, cursor, (int,))[0]
    found = _views(_SELECT_WAITING, {"after": after, "kind": kind, "limit": limit + 1})
    return cut(found, limit=limit, kind=_WAITING, keys=lambda case: (case.id,))


def decided_cases(*, kind: str = "", cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[CaseView]:
    """What was decided, the newest first. Raises: CursorInvalid"""
    at, before = ("infinity", _NEVER) if cursor is None else decode_cursor(_DECIDED, cursor, (str, int))
    found = _views(_SELECT_DECIDED, {"at": at, "before": before, "kind": kind, "limit": limit + 1})
    return cut(found, limit=limit, kind=_DECIDED, keys=_place)


def waiting_count(most: int = 100) -> int:
    """How many wait, counted up to ``most``."""
    return len(Case.objects.filter(status=CaseStatus.WAITING).values_list("pk")[:most])


def is_approval_waiting(market_id: int) -> bool:
    return Case.objects.filter(
        market_id=market_id, kind=CaseKind.APPROVAL.value, status=CaseStatus.WAITING.value
    ).exists()


def _place(case: CaseView) -> tuple[str, int]:
    assert case.decided_at is not None, "it is decided"
    return case.decided_at.isoformat(), case.id


def _views(statement: str, parameters: dict[str, Any]) -> list[CaseView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    said = _reports([row[0] for row in rows])
    return [_view(row, tuple(said[row[0]])) for row in rows]


def _view(row: tuple[Any, ...], said: tuple[ReportView, ...]) -> CaseView:
    is_shown = row[9] in ("", CommentStatus.SHOWN)
    fields: tuple[Any, ...] = (row[0], CaseKind(row[1]), row[2], row[3], said, *row[4:9], is_shown, *row[10:])
    return CaseView(*fields)


def _reports(cases: list[int]) -> dict[int, list[ReportView]]:
    found: dict[int, list[ReportView]] = defaultdict(list)
    if cases:
        with connection.cursor() as cursor:
            cursor.execute(_SELECT_REPORTS, {"cases": cases, "limit": REPORTS_SHOWN})
            for case_id, *said in cursor.fetchall():
                found[case_id].append(ReportView(*said))
    return found
