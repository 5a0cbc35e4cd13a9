"""The commands of a stream's client, parsed and checked.

Contract   ``parse`` answers a command whose every field has the right type, or raises ``CommandError`` with
           the number, the sentence and the field of docs/streams.md. It knows nothing of markets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from trading.realtime.command_shapes import COMMANDS, Code
from trading.realtime.shapes import CHANNELS

MARKETS_MAX: Final = 200
BATCH_MS_MAX: Final = 1_000
_PARAMS: Final = {name: frozenset(shape.__annotations__) for name, shape in COMMANDS.items()}
_NEEDED: Final = {name: sorted(shape.__required_keys__) for name, shape in COMMANDS.items()}
#: The same command by another name.
_ALIASES: Final = {"update_subscription": "update"}
_ID_LENGTH_MAX: Final = 64
_ID_MAX: Final = 2**63 - 1


class CommandError(Exception):
    """A command that changed nothing."""

    def __init__(self, code: Code, detail: str, *, field: str | None = None, command_id: int | str | None = None):
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.command_id = command_id

    def document(self, command_id: int | str | None) -> dict[str, Any]:
        answer = {"type": "error", "id": command_id, "code": int(self.code), "detail": self.detail}
        return answer if self.field is None else {**answer, "field": self.field}


@dataclass(frozen=True, slots=True)
class StreamCommand:
    """``channels`` and lists of markets are empty when not given; ``sid`` is 0 then."""

    id: int | str | None
    name: str
    sid: int
    channels: frozenset[str]
    markets: tuple[int, ...]
    resume_from: Mapping[int, int]
    add_markets: tuple[int, ...] = ()
    remove_markets: tuple[int, ...] = ()
    interval_ms: int = 0
    account_seq: int | None = None


def parse(text: str) -> StreamCommand:
    """The command of one frame. Raises: CommandError"""
    try:
        fields = orjson.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise CommandError(Code.MALFORMED, 'Send a JSON object such as {"id": 1, "cmd": "ping"}.')
    command_id = fields.get("id")
    if not _is_id(command_id):
        raise CommandError(Code.WRONG_PARAMETER, "The id must be an integer or a text of up to 64.", field="/id")
    try:
        return _command(command_id, fields)
    except CommandError as problem:
        problem.command_id = command_id
        raise


def _command(command_id: int | str | None, fields: dict[str, Any]) -> StreamCommand:
    name, params = fields.get("cmd"), fields.get("params", {})
    if not isinstance(name, str) or name not in _PARAMS:
        raise CommandError(Code.UNKNOWN_COMMAND, f"The cmd must be one of {', '.join(_PARAMS)}.", field="/cmd")
    _refuse_unknown(fields, frozenset({"id", "cmd", "params"}), "")
    if not isinstance(params, dict):
        raise _wrong("/params", "must be an object")
    _refuse_unknown(params, _PARAMS[name], "/params")
    command = StreamCommand(
        command_id,
        _ALIASES.get(name, name),
        _sid(params),
        _channels(params),
        _markets(params, "markets"),
        _resume_from(params),
        _markets(params, "add_markets"),
        _markets(params, "remove_markets"),
        _interval_ms(params),
        _account_seq(params),
    )
    _check_complete(command, params)
    return command


def _check_complete(command: StreamCommand, params: dict[str, Any]) -> None:
    for key in _NEEDED[command.name]:
        if key not in params:
            raise _wrong(f"/params/{key}", "is missing")
    if command.name == "update":
        if params.keys() <= {"sid", "resume_from"}:
            raise _wrong("/params", "needs channels, markets, add_markets or remove_markets")
        if command.markets and (command.add_markets or command.remove_markets):
            raise _wrong("/params/markets", "is the whole list, so it goes without add_markets and remove_markets")


def _refuse_unknown(given: dict[str, Any], known: frozenset[str], pointer: str) -> None:
    for key in given:
        if key not in known:
            raise _wrong(f"{pointer}/{key[:_ID_LENGTH_MAX]}", "is not known")


def _wrong(pointer: str, ends: str) -> CommandError:
    return CommandError(Code.WRONG_PARAMETER, f"{pointer} {ends}.", field=pointer)


def _is_id(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _ID_LENGTH_MAX
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _is_number(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _ID_MAX


def _sid(params: dict[str, Any]) -> int:
    sid = params.get("sid", 0)
    if not _is_number(sid, 0):
        raise _wrong("/params/sid", "must be the number of a subscription")
    return int(sid)


def _channels(params: dict[str, Any]) -> frozenset[str]:
    if "channels" not in params:
        return frozenset()
    names = params["channels"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _wrong("/params/channels", "must be a list of names with at least one")
    for name in names:
        if name not in CHANNELS:
            raise CommandError(
                Code.UNKNOWN_CHANNEL, f"The channels are {', '.join(CHANNELS)}.", field="/params/channels"
            )
    return frozenset(names)


def _markets(params: dict[str, Any], key: str) -> tuple[int, ...]:
    if key not in params:
        return ()
    ids = params[key]
    if not isinstance(ids, list) or not ids or not all(_is_number(market_id, 1) for market_id in ids):
        raise _wrong(f"/params/{key}", "must be a list of market ids with at least one")
    unique = tuple(dict.fromkeys(ids))
    if len(unique) > MARKETS_MAX:
        raise too_many_subscriptions()
    return unique


def _interval_ms(params: dict[str, Any]) -> int:
    interval_ms = params.get("interval_ms", 0)
    if not _is_number(interval_ms, 0) or interval_ms > BATCH_MS_MAX:
        raise _wrong("/params/interval_ms", f"must be a number of milliseconds from 0 to {BATCH_MS_MAX}")
    return int(interval_ms)


def _account_seq(params: dict[str, Any]) -> int | None:
    account_seq = params.get("account_seq")
    if "account_seq" in params and not _is_number(account_seq, 0):
        raise _wrong("/params/account_seq", "must be the last number of your private frames")
    return account_seq


def too_many_subscriptions() -> CommandError:
    return CommandError(
        Code.TOO_MANY_SUBSCRIPTIONS, f"At most {MARKETS_MAX} markets a connection.", field="/params/markets"
    )


def _resume_from(params: dict[str, Any]) -> dict[int, int]:
    seqs = params.get("resume_from", {})
    if not isinstance(seqs, dict) or len(seqs) > MARKETS_MAX:
        raise _wrong("/params/resume_from", "must be an object of market ids and numbers")
    for key, seq in seqs.items():
        if not (key.isascii() and key.isdigit() and len(key) < 20 and _is_number(seq, 0)):
            raise _wrong("/params/resume_from", "must be an object of market ids and numbers")
    return {int(key): seq for key, seq in seqs.items()}
