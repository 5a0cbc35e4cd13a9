"""What a connected client's commands do."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

from common import clock
from common.clock import rfc3339
from common.reading import DatabaseAway
from common.sockets.consumer import CLOSE_POLICY
from trading.realtime import frames
from trading.realtime.client import Client, Subscription, Waiting
from trading.realtime.command_shapes import Code
from trading.realtime.commands import MARKETS_MAX, CommandError, StreamCommand, parse, too_many_subscriptions
from trading.realtime.hub import Hub, UnknownMarket
from trading.realtime.shapes import PRIVATE_CHANNELS

COMMANDS_BURST: Final = 100
COMMANDS_PER_S: Final = 20
#: Subscribing to so many markets counts as one command, since each may cost a reading of its book.
MARKETS_A_COMMAND: Final = 20
#: Refusals for haste that a client gets before it is closed.
HASTE_MAX: Final = 100


@dataclass(slots=True)
class Allowance:
    """A bucket of commands that fills by itself."""

    left: float = COMMANDS_BURST
    at: float = field(default_factory=time.monotonic)

    def take(self, cost: int = 1) -> bool:
        moment = time.monotonic()
        self.left = min(COMMANDS_BURST, self.left + (moment - self.at) * COMMANDS_PER_S)
        self.at = moment
        if self.left < cost:
            return False
        self.left -= cost
        return True


class Session:
    """Commands of one client against the hub; every command gets exactly one answer or error."""

    def __init__(self, hub: Hub, client: Client) -> None:
        self._hub = hub
        self._client = client
        self._allowance = Allowance()
        self._hasty = 0

    async def handle(self, text: str | None) -> None:
        """Carry out one frame; ``None`` is a binary one."""
        await self._client.calm()
        try:
            if not self._allowance.take():
                raise self._haste()
            if text is None:
                raise CommandError(Code.MALFORMED, "Send text frames.")
            await self._carry_out(parse(text))
        except CommandError as problem:
            self._answer(problem.document(problem.command_id))

    def _haste(self) -> CommandError:
        self._hasty += 1
        if self._hasty >= HASTE_MAX:
            self._client.close(CLOSE_POLICY)
        return CommandError(Code.TOO_MANY_COMMANDS, f"At most {COMMANDS_PER_S} commands a second.")

    def _charge(self, markets: int) -> None:
        """Count a command on many markets as the several that it is; one has been counted."""
        if not self._allowance.take(max(markets - 1, 0) // MARKETS_A_COMMAND):
            raise self._haste()

    async def _carry_out(self, command: StreamCommand) -> None:
        try:
            if command.name == "subscribe":
                await self._subscribe(command)
            elif command.name == "update":
                await self._update(command)
            elif command.name == "unsubscribe":
                self._unsubscribe(command)
            elif command.name == "batch":
                self._client.batch_s = command.interval_ms / 1_000
                self._answer({"id": command.id, "type": "batching", "interval_ms": command.interval_ms})
            elif command.name == "list":
                rows = [_described(subscription) for subscription in self._client.subscriptions.values()]
                self._answer({"id": command.id, "type": "subscriptions", "subscriptions": rows})
            else:
                self._answer({"id": command.id, "type": "pong", "ts": rfc3339(clock.now())})
        except UnknownMarket as problem:
            raise CommandError(
                Code.UNKNOWN_MARKET, str(problem), field="/params/markets", command_id=command.id
            ) from problem
        except DatabaseAway as problem:
            detail = "The site cannot read its database for now. Try again in a second."
            raise CommandError(Code.UNAVAILABLE, detail, command_id=command.id) from problem
        except CommandError as problem:
            problem.command_id = command.id
            raise

    async def _subscribe(self, command: StreamCommand) -> None:
        self._check_private(command)
        if self._client.market_count + len(command.markets) > MARKETS_MAX:
            raise too_many_subscriptions()
        self._charge(len(command.markets))
        subscription = Subscription(self._client, self._client.sid_last + 1, command.channels)
        await self._hub.attach(subscription, command.markets, command.resume_from)
        self._number(command)
        self._client.sid_last = subscription.sid
        self._client.subscriptions[subscription.sid] = subscription
        _release(subscription, "subscribed", command)

    async def _update(self, command: StreamCommand) -> None:
        self._check_private(command)
        old = self._subscription(command.sid)
        channels, markets = command.channels or old.channels, _markets_after(old, command)
        if self._client.market_count - len(old.markets) + len(markets) > MARKETS_MAX:
            raise too_many_subscriptions()
        self._charge(len(markets))
        if channels == old.channels:
            await self._exchange_markets(old, markets, command)
            return
        new = Subscription(self._client, old.sid, channels)
        await self._hub.attach(new, markets, command.resume_from)
        self._number(command)
        self._hub.detach(old, set(old.markets))
        self._client.subscriptions[new.sid] = new
        _release(new, "updated", command)

    async def _exchange_markets(
        self, subscription: Subscription, markets: tuple[int, ...], command: StreamCommand
    ) -> None:
        subscription.held = []
        added = [market for market in markets if market not in subscription.markets]
        try:
            await self._hub.attach(subscription, added, command.resume_from)
        except (UnknownMarket, DatabaseAway):
            held, subscription.held = subscription.held, None
            self._client.answer(held)
            raise
        self._hub.detach(subscription, subscription.markets - set(markets))
        _release(subscription, "updated", command)

    def _unsubscribe(self, command: StreamCommand) -> None:
        subscription = self._subscription(command.sid)
        self._hub.detach(subscription, set(subscription.markets))
        del self._client.subscriptions[subscription.sid]
        self._answer({"id": command.id, "type": "unsubscribed", "sid": subscription.sid})

    def _subscription(self, sid: int) -> Subscription:
        subscription = self._client.subscriptions.get(sid)
        if subscription is None:
            raise CommandError(Code.UNKNOWN_SID, "There is no such subscription; see list.", field="/params/sid")
        return subscription

    def _check_private(self, command: StreamCommand) -> None:
        if self._client.visitor.user_id is None and command.channels & PRIVATE_CHANNELS:
            raise CommandError(
                Code.PRIVATE_CHANNEL,
                "Sign in or use a key to follow what is your own.",
                field="/params/channels",
            )

        if command.account_seq is not None and (self._client.has_private or not command.channels & PRIVATE_CHANNELS):
            raise CommandError(
                Code.WRONG_PARAMETER,
                "It goes with the first private channels of a socket, before their frames are numbered.",
                field="/params/account_seq",
            )

    def _number(self, command: StreamCommand) -> None:
        """Number private frames on from those of the socket before; none was sent on this one yet."""
        if command.account_seq is not None:
            self._client.count_from(command.account_seq)
        if command.channels & PRIVATE_CHANNELS:
            self._client.has_private = True

    def _answer(self, fields: dict[str, Any]) -> None:
        self._client.answer([Waiting(frames.document(fields))])


def _markets_after(subscription: Subscription, command: StreamCommand) -> tuple[int, ...]:
    """The markets that an update leaves. Raises: CommandError"""
    if command.markets:
        return command.markets
    kept = subscription.markets.union(command.add_markets).difference(command.remove_markets)
    if not kept:
        detail = "A subscription has at least one market; unsubscribe to end it."
        raise CommandError(Code.WRONG_PARAMETER, detail, field="/params/remove_markets")
    return tuple(sorted(kept))


def _described(subscription: Subscription) -> dict[str, Any]:
    return {
        "sid": subscription.sid,
        "channels": sorted(subscription.channels),
        "markets": sorted(subscription.markets),
    }


def _release(subscription: Subscription, kind: str, command: StreamCommand) -> None:
    subscription.release(frames.document({"id": command.id, "type": kind, **_described(subscription)}))
