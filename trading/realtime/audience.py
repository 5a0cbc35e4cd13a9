"""Who hears what of one market, and records given to them as frames.

Contract   Records are given in order. A private channel's subscriber hears of their own only; the clients' names of
           orders are read before (``name_orders``), in one statement for all that are not known yet.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from common.reading import Reader
from trading.realtime import frames
from trading.realtime.client import Subscription
from trading.realtime.own_frames import own_tails
from trading.realtime.shapes import CHANNELS, PRIVATE_CHANNELS
from trading.realtime.traces import Telling
from trading.selectors import stream_states
from trading.selectors.stream import StreamMarket, StreamRecord

#: Channels whose frames are made from records for one account.
OWN_CHANNELS: Final = tuple(channel for channel in CHANNELS if channel in PRIVATE_CHANNELS - {"positions"})
#: More names than this are forgotten and read again.
NAMES_MAX: Final = 10_000


class Audience:
    def __init__(self, market: StreamMarket, reader: Reader) -> None:
        self.market = market
        self.of: dict[str, set[Subscription]] = {channel: set() for channel in CHANNELS}
        self._reader = reader
        self._names: dict[int, str] = {}

    def add(self, subscription: Subscription) -> None:
        for channel in subscription.channels:
            self.of[channel].add(subscription)

    def discard(self, subscription: Subscription) -> None:
        for subscriptions in self.of.values():
            subscriptions.discard(subscription)

    async def name_orders(self, records: Iterable[StreamRecord], more: Iterable[Subscription] = ()) -> None:
        """Learn the clients' names of the orders that ``give`` or ``repeat`` will tell of. Raises: DatabaseAway"""
        listeners = [*more, *(one for channel in OWN_CHANNELS for one in self.of[channel])]
        users = {user_of(one) for one in listeners if not one.channels.isdisjoint(OWN_CHANNELS)}
        if not users:
            return
        orders = (order for record in records if record.effects is not None for order in record.effects.orders)
        wanted = {order.order_id for order in orders if order.user_id in users} - self._names.keys()
        if wanted:
            found = await self._reader.run(stream_states.order_names, wanted)
            if len(self._names) + len(found) > NAMES_MAX:
                self._names.clear()
            self._names |= found

    def give(self, record: StreamRecord, checksum: int | None, telling: Telling | None = None) -> None:
        """Tell everybody of a record."""
        for channel, subscriptions in self.of.items():
            if not subscriptions:
                continue
            if channel in OWN_CHANNELS:
                for subscription in subscriptions:
                    self._give_own(channel, record, subscription, telling)
            else:
                for tail in self._public(channel, record, checksum):
                    shared: dict[int, str] = {}
                    for subscription in subscriptions:
                        subscription.share(tail, shared)

    def repeat(self, subscription: Subscription, records: Iterable[StreamRecord], checksums: Mapping[int, int]) -> None:
        """Tell one subscription what it missed."""
        for record in records:
            for channel in self.of:
                if channel in subscription.channels:
                    if channel in OWN_CHANNELS:
                        self._give_own(channel, record, subscription)
                    else:
                        for tail in self._public(channel, record, checksums.get(record.seq)):
                            subscription.put(channel, tail)

    def _public(self, channel: str, record: StreamRecord, checksum: int | None) -> Iterable[str]:
        if channel == "book":
            return [frames.delta_tail(self.market, record, checksum)]
        if channel == "trades":
            return frames.trade_tails(self.market, record)
        return frames.lifecycle_tails(self.market, record) if channel == "lifecycle" else ()

    def _give_own(
        self, channel: str, record: StreamRecord, subscription: Subscription, telling: Telling | None = None
    ) -> None:
        user_id = user_of(subscription)
        for tail in own_tails(channel, self.market, record, user_id, self._names):
            subscription.put(channel, tail if telling is None else telling.frame_of(tail, record, user_id))


def user_of(subscription: Subscription) -> int:
    user_id = subscription.client.visitor.user_id
    assert user_id is not None, "private channels are for those who signed in"
    return user_id
