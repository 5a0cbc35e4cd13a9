"""Take secrets out of what is about to be written.

Contract   By name: the value under a key that sounds like a secret. By shape: keys of this site, webhook secrets,
           credentials, passwords in URLs, ``name=value`` pairs of such names, one-time-password secrets, CSRF tokens,
           signed tokens, private keys, links that sign in or share, the rows that PostgreSQL quotes in its errors.
           By value: what ``know`` was told at start, and what the running request or task itself brought.
Bound      Texts longer than ``TEXT_MAX`` lose their middle, collections their end, depth ends at ``DEPTH_MAX``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

GONE: Final = "[redacted]"
TEXT_MAX: Final = 16_384
#: Of longer ones the middle isn't even looked through.
READ_MAX: Final = 1 << 18
ITEMS_MAX: Final = 100
DEPTH_MAX: Final = 6
#: Shorter values would take harmless words with them.
VALUE_MIN: Final = 6

_WORDS: Final = (
    r"passw(?:or)?d|passphrase|passwd|pwd|secret|token|authori[sz]ation|cookie|api[_-]?key|private[_-]?key|access[_-]?key"
    r"|credential|signature|csrf|session[_-]?(?:id|key)|(?<![a-z])t?otp(?![a-z])|recovery[_-]?code|database[_-]?url|redis[_-]?url|email[_-]?url"
    r"|broker[_-]?url|\bdsn\b"
)
_NAME: Final = re.compile(rf"(?i)(?:{_WORDS})")
_SHAPES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"), GONE),
    (re.compile(r"\b(omk_|whsec_)[A-Za-z0-9+/=_-]+"), rf"\1{GONE}"),
    (re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization)([\"']?\s*[:=]\s*)[^\r\n]+"), rf"\1\2{GONE}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {GONE}"),
    (re.compile(r"\b([a-z][a-z0-9+.-]*://[^\s:/@\"']*:)[^\s@\"']+@"), rf"\1{GONE}@"),
    (re.compile(r"otpauth://\S+"), GONE),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"), GONE),
    (re.compile(r"\b[A-Z2-7]{32}\b"), GONE),
    (re.compile(r"\b[A-Za-z0-9]{64}\b"), GONE),
    (re.compile(r"(/password/reset/key/|/confirm-email/|/advanced-dashboard/shared/)[^/\s\"']+"), rf"\1{GONE}"),
    (re.compile(r"(?s)(Failing row contains \().*?(\)\.?(?:\n|\Z))"), rf"\1{GONE}\2"),
    (re.compile(r"(Key \([^)]*\)=\()[^\r\n]*?(\) (?:already exists|is |conflicts))"), rf"\1{GONE}\2"),
    (
        re.compile(
            rf"(?i)([\w-]*(?:{_WORDS})[\w-]*(?:\\*[\"'])?\s*(?:=>|[:=])\s*)"
            r"(?!\[redacted\])(?:\\*\"[^\"]*\"?|\\*'[^']*'?|[^\s,;&)}\]]+)"
        ),
        rf"\1{GONE}",
    ),
)
_known: set[str] = set()


def know(values: Iterable[str]) -> None:
    """Never write these again, whatever stands around them; for the secrets of the settings."""
    _known.update(value for value in values if len(value) >= VALUE_MIN)


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return _NAME.search(name) is not None


def clean_text(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` without secrets."""
    text = _cut(text, READ_MAX)
    # Long ones first: a secret may be part of another.
    for value in sorted((*_known, *secrets), key=len, reverse=True):
        if value in text:
            text = text.replace(value, GONE)
    for pattern, replacement in _SHAPES:
        text = pattern.sub(replacement, text)
    # At last, because half a secret isn't known for one.
    return _cut(text, TEXT_MAX)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length // 2]} ... {text[-length // 2 :]}"


def clean(value: Any, secrets: Iterable[str] = (), depth: int = 0) -> Any:
    """A copy of ``value`` for JSON, without secrets; strange objects become their ``repr``."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping) and depth < DEPTH_MAX:
        pairs = list(value.items())[:ITEMS_MAX]
        return {str(key): clean_pair(str(key), item, secrets, depth + 1) for key, item in pairs}
    if isinstance(value, list | tuple | set | frozenset) and depth < DEPTH_MAX:
        return [clean(item, secrets, depth + 1) for item in list(value)[:ITEMS_MAX]]
    if isinstance(value, bytes | bytearray):
        value = bytes(value).decode("utf-8", "replace")
    return clean_text(value if isinstance(value, str) else repr(value), secrets)


def clean_pair(name: str, value: Any, secrets: Iterable[str] = (), depth: int = 0) -> Any:
    """``value`` as it may be written under ``name``."""
    if is_secret(name) and value is not None and not isinstance(value, bool):
        return GONE
    return clean(value, secrets, depth)


def secrets_within(value: Any, is_told: bool = False) -> list[str]:
    """The texts under secret names in ``value``; every text when ``is_told`` says that all of it is secret."""
    if isinstance(value, Mapping):
        pairs = [(is_told or is_secret(str(name)), item) for name, item in value.items()]
        return [text for is_bad, item in pairs for text in secrets_within(item, is_bad)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in secrets_within(item, is_told)]
    if is_told and isinstance(value, str | int) and len(str(value)) >= VALUE_MIN:
        return [str(value)]
    return []
