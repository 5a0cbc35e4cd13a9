"""Put everything that SECRET_KEY seals or signs for long under today's key, while the site runs.

Contract   Safe to stop and to run again at any time: what is under today's key already is passed over, and a row that
           somebody changes meanwhile is left to them, whose process writes with today's key. Nothing is unsealed into
           a log or an answer.
Bound      A batch of rows in memory; each row is a statement of its own, so that nobody waits for a lock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from psycopg import sql

from common.sealing import resealed

BATCH: Final = 200
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed texts are: ``column`` itself, or the value at ``key`` of its JSON."""

    table: str
    column: str
    purpose: str
    key: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}{f'.{self.key}' if self.key else ''}"


SEALED: Final = (
    SealedColumn("mfa_authenticator", "data", "second factor", "secret"),
    SealedColumn("mfa_authenticator", "data", "second factor", "seed"),
    SealedColumn("alerting_channel", "sealed", "channel of alerting"),
    SealedColumn("scaling_scalingtarget", "webhook_sealed", "scaling webhook"),
    SealedColumn("common_job", "arguments", "e-mail", "letter"),
)


@dataclass
class Count:
    moved: int = 0
    kept: int = 0
    #: Under no key that is known, so nobody can read them.
    lost: int = 0

    def add(self, other: "Count") -> None:
        self.moved, self.kept, self.lost = self.moved + other.moved, self.kept + other.kept, self.lost + other.lost


def rotate_keys(say: Say) -> Count:
    """Every sealed column, then every session that has not run out."""
    total = Count()
    for column in SEALED:
        count = _reseal(column)
        say(f"{column.name}: {count.moved} moved, {count.kept} were under today's key, {count.lost} unreadable")
        total.add(count)
    count = _resign_sessions()
    say(f"sessions: {count.moved} moved, {count.kept} were under today's key, {count.lost} unreadable")
    total.add(count)
    return total


def _reseal(column: SealedColumn) -> Count:
    count = Count()
    for row_id, sealed in _sealed_rows(column):
        try:
            moved = resealed(sealed, purpose=column.purpose)
        except InvalidToken:
            count.lost += 1
            continue
        if moved is None:
            count.kept += 1
        else:
            count.moved += _put(column, row_id, sealed, moved)
    return count


def _sealed_rows(column: SealedColumn) -> Iterator[tuple[int, str]]:
    statement = sql.SQL(
        "SELECT id, {value} FROM {table} WHERE id > %s AND coalesce({value}, '') <> '' ORDER BY id LIMIT %s"
    ).format(value=_value(column), table=sql.Identifier(column.table))
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [last, BATCH])
            rows: list[tuple[int, str]] = cursor.fetchall()
        if not rows:
            return
        yield from rows
        last = rows[-1][0]


def _put(column: SealedColumn, row_id: int, before: str, after: str) -> int:
    """1 when the row still held ``before``."""
    new = sql.SQL("jsonb_set({column}, ARRAY[{key}], to_jsonb(%s::text))") if column.key else sql.SQL("%s")
    statement = sql.SQL("UPDATE {table} SET {column} = {new} WHERE id = %s AND {value} = %s").format(
        table=sql.Identifier(column.table),
        column=sql.Identifier(column.column),
        value=_value(column),
        new=new.format(column=sql.Identifier(column.column), key=sql.Literal(column.key)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [after, row_id, before])
        return int(cursor.rowcount)


def _value(column: SealedColumn) -> sql.Composed:
    if column.key:
        return sql.SQL("{} ->> {}").format(sql.Identifier(column.column), sql.Literal(column.key))
    return sql.SQL("{}").format(sql.Identifier(column.column))


def _resign_sessions() -> Count:
    count, last = Count(), ""
    while True:
        rows = list(
            Session.objects.filter(session_key__gt=last, expire_date__gt=timezone.now()).order_by("session_key")[:BATCH]
        )
        if not rows:
            return count
        for row in rows:
            _resign(row, count)
        last = rows[-1].session_key


def _resign(row: Session, count: Count) -> None:
    store = SessionStore(row.session_key)
    data = store.decode(row.session_data)
    is_signed_today = _is_signed_by_today(store, row.session_data)
    if not data and not is_signed_today:
        count.lost += 1
    elif not _took_hash_of_today(data) and is_signed_today:
        count.kept += 1
    else:
        # Whoever saved it since has put it under today's key by themselves.
        same = Session.objects.filter(session_key=row.session_key, session_data=row.session_data)
        count.moved += same.update(session_data=store.encode(data))
        # The cache's copy has the older mark.
        cache.delete(store.cache_key)


def _is_signed_by_today(store: SessionStore, session_data: str) -> bool:
    try:
        signing.loads(session_data, salt=store.key_salt, serializer=store.serializer, fallback_keys=[])
    except signing.BadSignature:
        return False
    return True


def _took_hash_of_today(data: dict[str, Any]) -> bool:
    """Whether the mark of the password was made with an older key; it is made anew then."""
    mark = str(data.get(HASH_SESSION_KEY, ""))
    user = get_user_model().objects.filter(pk=str(data.get(SESSION_KEY, "0"))).first()
    if user is None or not mark or constant_time_compare(mark, user.get_session_auth_hash()):
        return False
    if not any(constant_time_compare(mark, older) for older in user.get_session_auth_fallback_hash()):
        # The password was changed since; the session is over and stays so.
        return False
    data[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return True
