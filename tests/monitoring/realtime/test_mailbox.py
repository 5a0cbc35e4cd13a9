import asyncio

from common.sockets.consumer import CLOSE_SLOW, DROPPED
from monitoring.realtime.mailbox import ANSWERS_MAX, Mailbox


class Reader:
    """Takes a text each time it is let."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.may = asyncio.Semaphore(0)

    async def send(self, text: str) -> None:
        await self.may.acquire()
        self.got.append(text)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_newest_frame_wins_and_answers_go_before_it() -> None:
    box, reader, dropped = Mailbox(lambda code: None), Reader(), DROPPED.value
    writer = asyncio.ensure_future(box.write(reader.send))
    for number in range(5):
        box.put(f"frame {number}")
    box.answer("pong 1")
    box.answer("pong 2")
    for _ in range(3):
        reader.may.release()
    await settle()
    assert reader.got == ["pong 1", "pong 2", "frame 4"]
    assert box.dropped == 4
    assert DROPPED.value - dropped == 4
    # One that is being sent isn't lost to the next.
    box.put("frame 5")
    await settle()
    box.put("frame 6")
    box.put("frame 7")
    for _ in range(2):
        reader.may.release()
    await settle()
    assert reader.got[3:] == ["frame 5", "frame 7"]
    writer.cancel()


async def test_who_asks_and_never_reads_is_closed_once() -> None:
    codes: list[int] = []
    box = Mailbox(codes.append)
    for number in range(ANSWERS_MAX + 5):
        box.answer(str(number))
    assert codes == [CLOSE_SLOW]
