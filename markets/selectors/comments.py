"""Comments of a market: threads newest first, replies oldest first.

Bound      One statement a page; the replies shown under a thread are the newest few of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from markets.engine.comment_text import html_of, plain_of
from markets.types import CommentStatus

_NEWEST: Final = 2**63 - 1
_ROOTS: Final = "comments"
_REPLIES: Final = "replies"


@dataclass(frozen=True, slots=True)
class CommentView:
    """``text`` is empty unless it is shown. ``outcome`` (index) and ``quantity`` (lots): the author's largest position
    when they wrote. ``reactions`` counts by kind, ``own_reactions`` are the reader's. ``people`` are those of the
    handles named in the text that exist. ``html`` is safe."""

    id: int
    market_id: int
    market_slug: str
    author_id: int
    author: str
    is_author_simulated: bool
    thread_id: int | None
    parent_id: int | None
    parent_author: str
    text: str
    status: CommentStatus
    removal_reason: str
    outcome: int | None
    outcome_slug: str
    outcome_name: str
    quantity: int
    replies: int
    created_at: datetime
    reactions: Mapping[str, int]
    own_reactions: tuple[str, ...]
    people: frozenset[str]

    @property
    def html(self) -> str:
        return html_of(self.text, self.people)

    @property
    def plain(self) -> str:
        """In one line without marks."""
        return plain_of(self.text)

    @property
    def is_shown(self) -> bool:
        return self.status is CommentStatus.SHOWN


#: Handles are compared as they are kept; of what no handle can be, nothing is looked up.
_COLUMNS: Final = """
    c.id, c.market_id, m.slug, c.author_id, u.username, u.is_simulated, c.thread_id, c.parent_id,
    COALESCE(pu.username, ''), CASE WHEN c.status = 'shown' THEN c.text ELSE '' END, c.status, c.removal_reason,
    c.outcome, COALESCE(o.slug, ''), COALESCE(o.name, ''), c.quantity, c.replies, c.created_at,
    CASE WHEN c.status = 'shown' THEN c.reactions ELSE '{}' END,
    ARRAY(SELECT r.kind FROM markets_reaction r WHERE r.comment_id = c.id AND r.user_id = %(reader_id)s),
    CASE WHEN c.text LIKE '%%@%%' THEN ARRAY(
        SELECT n.username FROM accounts_user n WHERE n.is_active AND n.username IN (
            SELECT rtrim(t.found[1], '.+-') FROM regexp_matches(c.text, '@([A-Za-z0-9.+_-]{1,32})', 'g') AS t(found)))
    ELSE '{}' END
"""
_JOINS: Final = """
    JOIN markets_market m ON m.id = c.market_id
    JOIN accounts_user u ON u.id = c.author_id
    LEFT JOIN markets_comment p ON p.id = c.parent_id
    LEFT JOIN accounts_user pu ON pu.id = p.author_id
    LEFT JOIN markets_outcome o ON o.market_id = c.market_id AND o.index = c.outcome
"""
# Constants only are joined here; every value is a bound parameter.
_SELECT_ROOTS: Final = f"""
SELECT {_COLUMNS} FROM markets_comment c {_JOINS}
WHERE c.market_id = %(market_id)s AND c.thread_id IS NULL AND c.id < %(before)s ORDER BY c.id DESC LIMIT %(limit)s
"""  # noqa: S608
_SELECT_REPLIES: Final = f"""
SELECT {_COLUMNS} FROM markets_comment c {_JOINS}
WHERE c.thread_id = %(thread_id)s AND c.id > %(after)s ORDER BY c.id LIMIT %(limit)s
"""  # noqa: S608
_SELECT_ONE: Final = f"SELECT {_COLUMNS} FROM markets_comment c {_JOINS} WHERE c.id = %(comment_id)s"  # noqa: S608
# Threads and the newest replies of each are one statement, so one answer and one moment.
_SELECT_THREADS: Final = f"""
WITH roots AS (
    SELECT r.* FROM markets_comment r
    WHERE r.market_id = %(market_id)s AND r.thread_id IS NULL AND r.id < %(before)s ORDER BY r.id DESC LIMIT %(limit)s
), c AS (
    SELECT * FROM roots
    UNION ALL
    SELECT found.* FROM roots CROSS JOIN LATERAL (
        SELECT r.* FROM markets_comment r WHERE r.thread_id = roots.id ORDER BY r.id DESC LIMIT %(replies)s
    ) found
)
SELECT {_COLUMNS} FROM c {_JOINS} ORDER BY c.id
"""  # noqa: S608


def comment_threads(
    market_id: int, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None, reader_id: int | None = None
) -> Page[CommentView]:
    """The roots of the market's threads, newest first.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_ROOTS, cursor, (int,))[0]
    views = _views(_SELECT_ROOTS, reader_id, market_id=market_id, before=before, limit=limit + 1)
    return cut(views, limit=limit, kind=_ROOTS, keys=lambda comment: (comment.id,))


def whole_threads(
    market_id: int, *, limit: int, replies: int, cursor: str | None = None, reader_id: int | None = None
) -> tuple[Page[CommentView], dict[int, tuple[CommentView, ...]]]:
    """The roots of the market's threads, newest first, and the newest ``replies`` of each in the order they came.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_ROOTS, cursor, (int,))[0]
    views = _views(_SELECT_THREADS, reader_id, market_id=market_id, before=before, limit=limit + 1, replies=replies)
    found: dict[int, list[CommentView]] = {}
    for view in views:
        if view.thread_id is not None:
            found.setdefault(view.thread_id, []).append(view)
    roots = [view for view in reversed(views) if view.thread_id is None]
    page = cut(roots, limit=limit, kind=_ROOTS, keys=lambda comment: (comment.id,))
    return page, {thread_id: tuple(views) for thread_id, views in found.items()}


def comment_replies(thread_id: int, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> Page[CommentView]:
    """The replies of a thread, oldest first.

    Raises: CursorInvalid
    """
    after = 0 if cursor is None else decode_cursor(_REPLIES, cursor, (int,))[0]
    views = _views(_SELECT_REPLIES, None, thread_id=thread_id, after=after, limit=limit + 1)
    return cut(views, limit=limit, kind=_REPLIES, keys=lambda comment: (comment.id,))


def comment(comment_id: int, *, reader_id: int | None = None) -> CommentView | None:
    return next(iter(_views(_SELECT_ONE, reader_id, comment_id=comment_id)), None)


def _views(statement: str, reader_id: int | None, **parameters: Any) -> Sequence[CommentView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"reader_id": reader_id, **parameters})
        return [_view(row) for row in cursor.fetchall()]


def _view(row: tuple[Any, ...]) -> CommentView:
    *fields, reactions, own, people = row
    fields[10] = CommentStatus(fields[10])
    given: tuple[Any, ...] = (*fields, _counts(reactions), tuple(own), frozenset(people))
    return CommentView(*given)


def _counts(kept: str | Mapping[str, int]) -> Mapping[str, int]:
    """The driver gives JSON as text to whoever asks past the ORM."""
    counts: Mapping[str, int] = json.loads(kept) if isinstance(kept, str) else kept
    return counts


def plain_words(text: str) -> str:
    """Of a stored comment, in one line without marks; not HTML."""
    return plain_of(text)
