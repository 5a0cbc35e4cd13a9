"""Public frames are made once for all who hear them, and come to each in order."""

import asyncio
from collections.abc import Awaitable, Callable

from common.sockets.consumer import CLOSE_SLOW
from trading.realtime import client as clients
from trading.realtime.client import Client, Subscription

BOOK = frozenset({"book"})


def _heard(client: Client) -> list[str]:
    """What a client is sent of all that waits now."""
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)
        if not client._waiting:
            raise asyncio.CancelledError

    async def write(write: Callable[[Callable[[str], Awaitable[None]]], Awaitable[None]]) -> None:
        try:
            await write(send)
        except asyncio.CancelledError:
            return

    asyncio.run(write(client.write))
    return sent


def _subscription(sid: int, *, is_held: bool = False) -> Subscription:
    subscription = Subscription(Client(lambda code: None), sid, BOOK)
    subscription.held = [] if is_held else None
    return subscription


def test_those_with_the_same_sid_share_one_text() -> None:
    first, second, third = _subscription(1), _subscription(1), _subscription(2)
    made: dict[int, str] = {}
    for subscription in (first, second, third):
        subscription.share('"n":1}', made)
    heard = [_heard(subscription.client) for subscription in (first, second, third)]
    assert heard == [['{"sid":1,"n":1}'], ['{"sid":1,"n":1}'], ['{"sid":2,"n":1}']]
    assert heard[0][0] is heard[1][0]


def test_shared_frames_and_those_of_ones_own_keep_their_order() -> None:
    subscription = _subscription(1)
    subscription.put("ticker", '"state":1}', 7)
    subscription.share('"delta":1}', {})
    subscription.put("ticker", '"state":2}', 7)
    subscription.share('"delta":2}', {})
    told = ['{"sid":1,"delta":1}', '{"sid":1,"state":2}', '{"sid":1,"delta":2}']
    assert _heard(subscription.client) == told
    assert subscription.client._bytes == 0


def test_a_shared_frame_waits_for_the_answer_to_a_command() -> None:
    subscription = _subscription(3, is_held=True)
    subscription.share('"delta":1}', {})
    subscription.release('{"type":"subscribed"}')
    subscription.share('"delta":2}', {})
    told = ['{"type":"subscribed"}', '{"sid":3,"delta":1}', '{"sid":3,"delta":2}']
    assert _heard(subscription.client) == told


def test_who_reads_too_slowly_is_closed_by_shared_frames_too() -> None:
    codes: list[int] = []
    client = Client(codes.append)
    subscription = Subscription(client, 1, BOOK, held=None)
    for number in range(clients.FRAMES_MAX + 3):
        subscription.share(f'"n":{number}}}', {})
    assert codes == [CLOSE_SLOW]
    assert len(client._waiting) == clients.FRAMES_MAX
