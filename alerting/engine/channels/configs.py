"""The settings of a channel: what each kind needs, what of it is secret, and what may be shown.

Contract   ``read_config`` answers exactly the known fields with their defaults or refuses, naming the field. Addresses
           are only looked at as texts here; whether they may be asked is judged where requests are made.
           Every kind may have a ``throttle``.
           ``shown`` never holds a secret, nor an address that is one (the hooks of Slack are).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from alerting.engine.channels.signatures import secret_bytes
from alerting.engine.channels.throttle import THROTTLE, read_throttle
from alerting.errors import ChannelInvalid

Config = dict[str, Any]
_Reader = Callable[[str, Any], Any]

RECIPIENTS_MAX: Final = 20
_TEXT_MAX: Final = 500
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[a-z0-9-]{2,}", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2})?")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_KEPT_HEADERS: Final = frozenset({"host", "content-length", "content-type", "connection", "transfer-encoding",
    "accept-encoding", "webhook-id", "webhook-timestamp", "webhook-signature"})  # fmt: skip
#: Those whose host is fixed: with any other one Apprise could be made to ask this site's own network.
APPRISE_SCHEMES: Final = frozenset(
    {"discord", "tgram", "pover", "pagerduty", "opsgenie", "pbul", "prowl", "ifttt", "gchat", "webexteams", "twist"}
)
MASK: Final = "••••••"
#: The kind of channel that an integrator's endpoint has to itself.
ENDPOINT: Final = "endpoint"


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _TEXT_MAX or not value.isprintable():
        raise _refused(field, f"{field} is a text of at most {_TEXT_MAX} characters.")
    return value.strip()


def _url(field: str, value: Any) -> str:
    text = _text(field, value)
    if text and not text.startswith(("https://", "http://")):
        raise _refused(field, f"{field} starts with https://.")
    return text


def _names(pattern: re.Pattern[str], example: str) -> _Reader:
    def read(field: str, value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or len(value) > RECIPIENTS_MAX:
            raise _refused(field, f"{field} is a list of at most {RECIPIENTS_MAX}.")
        found = [str(one).strip() for one in value]
        for one in found:
            if not pattern.fullmatch(one):
                raise _refused(field, f"{one[:60]!r} can't be reached; write {example}.")
        return list(dict.fromkeys(found))

    return read


def _secrets(field: str, value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else list(value)
    if len(found) > 2:
        raise _refused(field, "While a secret is being changed there are two of them, the newer first.")
    for one in found:
        try:
            secret_bytes(_text(field, one))
        except ValueError as error:
            raise _refused(
                field, "A secret is whsec_ and base64 of 24 to 64 bytes; leave it out to get one."
            ) from error
    return found


def _headers(field: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > 10:
        raise _refused(field, "headers are at most ten names with texts.")
    for name, text in value.items():
        if not _HEADER.fullmatch(str(name)) or str(name).lower() in _KEPT_HEADERS or not str(text).isascii():
            raise _refused(field, f"The header {str(name)[:64]!r} can't be set.")
        _text(field, text)
    return {str(name): str(text) for name, text in value.items()}


def _port(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65_535:
        raise _refused(field, "port is a number from 1 to 65535.")
    return value


def _security(field: str, value: Any) -> str:
    if value not in ("none", "starttls", "tls"):
        raise _refused(field, "security is none, starttls or tls.")
    return str(value)


def _language(field: str, value: Any) -> str:
    text = _text(field, value)
    if text and not _LANGUAGE.fullmatch(text):
        raise _refused(field, "language is a code such as de, or empty for English.")
    return text


def _moment(field: str, value: Any) -> float:
    return float(value)


def _apprise(field: str, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= RECIPIENTS_MAX:
        raise _refused(field, f"urls are 1 to {RECIPIENTS_MAX} addresses of Apprise.")
    found = [_text(field, one) for one in value]
    for one in found:
        if one.partition("://")[0] not in APPRISE_SCHEMES:
            raise _refused(field, f"Such an address begins with one of {', '.join(sorted(APPRISE_SCHEMES))}.")
    return found


_ANY: Final = re.compile(r"[\w.@+-]{1,150}")
#: Kind, field: how it is read, what it is without, whether it is secret.
_FIELDS: Final[dict[str, dict[str, tuple[_Reader, Any, bool]]]] = {
    "email": {
        "recipients": (_names(_EMAIL, "ops@example.org"), [], False),
        "server": (_text, "", False),
        "port": (_port, 0, False),
        "username": (_text, "", False),
        "password": (_text, "", True),
        "security": (_security, "starttls", False),
        "sender": (_text, "", False),
        "language": (_language, "", False),
    },
    "webhook": {"url": (_url, "", True), "secrets": (_secrets, [], True), "headers": (_headers, {}, True)},
    "slack": {
        "url": (_url, "", True),
        "token": (_text, "", True),
        "room": (_text, "", False),
        "api_url": (_url, "https://slack.com/api", False),
        "language": (_language, "", False),
    },
    "sms": {
        "recipients": (_names(_NUMBER, "+351900000000"), [], False),
        "account": (_text, "", False),
        "token": (_text, "", True),
        "sender": (_text, "", False),
        "api_url": (_url, "https://api.twilio.com", False),
        "language": (_language, "", False),
    },
    "in_app": {"people": (_names(_ANY, "a handle"), [], False)},
    "apprise": {"urls": (_apprise, [], True), "language": (_language, "", False)},
    # Until ``old_until``, in epoch seconds, the second secret signs as well.
    ENDPOINT: {"url": (_url, "", True), "secrets": (_secrets, [], True), "old_until": (_moment, 0.0, False)},
}
_NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "email": (),
    "webhook": (("url",),),
    "slack": (("url", "token"),),
    "sms": (("account",), ("token",), ("sender",)),
    "in_app": (),
    "apprise": (("urls",),),
    ENDPOINT: (("url",), ("secrets",)),
}


def kinds() -> tuple[str, ...]:
    """Those that operators make."""
    return tuple(kind for kind in _FIELDS if kind != ENDPOINT)


def read_config(kind: str, given: Mapping[str, Any], *, is_partial: bool = False) -> Config:
    """``is_partial`` leaves out what is needed, for channels whose settings come from the environment.

    Raises: ChannelInvalid
    """
    known = _FIELDS[kind]
    if unknown := sorted(given.keys() - known.keys() - {THROTTLE}):
        names = ", ".join([*known, THROTTLE])
        raise _refused(unknown[0][:60], f"A channel of this kind has the settings {names}.")
    config = {name: read(name, given[name]) if name in given else empty for name, (read, empty, _) in known.items()}
    if limits := read_throttle(THROTTLE, given.get(THROTTLE, [])):
        config[THROTTLE] = limits
    for choice in () if is_partial else _NEEDED[kind]:
        if not any(config[name] for name in choice):
            raise _refused(choice[0], f"It needs {' or '.join(choice)}.")
    if kind == "slack" and config["token"] and not config["room"]:
        raise _refused("room", "With a token it needs the id of a room, such as C0123456789.")
    return config


def has_language(kind: str) -> bool:
    """Whether people read what such a channel brings."""
    return "language" in _FIELDS[kind]


def addresses_of(kind: str, config: Config) -> dict[str, str]:
    """What will be asked over HTTP: field and URL."""
    return {name: config[name] for name in ("url", "api_url") if config.get(name)} if kind != "apprise" else {}


def shown(kind: str, config: Config) -> dict[str, Any]:
    found = {name: _shown(name, config[name], is_secret) for name, (_, _, is_secret) in _FIELDS[kind].items()}
    return found | {name: config[name] for name in (THROTTLE,) if name in config}


def with_kept_secrets(kind: str, given: Mapping[str, Any], before: Config) -> dict[str, Any]:
    """What isn't given anew stays: pages and the API can't send back what they were never shown."""
    known = _FIELDS[kind]
    kept = {name: before[name] for name, (_, _, is_secret) in known.items() if is_secret and name in before}
    return {**kept, **{name: value for name, value in given.items() if not _is_mask(value)}}


def _shown(name: str, value: Any, is_secret: bool) -> Any:
    if not is_secret:
        return value
    if not value:
        return ""
    if name == "url":
        return f"{urlsplit(value).scheme}://{urlsplit(value).netloc}/{MASK}"
    return MASK


def _is_mask(value: Any) -> bool:
    return isinstance(value, str) and value.endswith(MASK)


def _refused(field: str, detail: str) -> ChannelInvalid:
    return ChannelInvalid(detail, field=field)
