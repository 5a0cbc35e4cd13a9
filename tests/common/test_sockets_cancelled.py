import asyncio

from common.sockets.consumer import is_cancelled


async def test_a_cancellation_that_was_swallowed_is_not_forgotten() -> None:
    assert not is_cancelled()

    async def forever() -> int:
        rounds = 0
        while not is_cancelled():
            rounds += 1
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue
        return rounds

    task = asyncio.get_running_loop().create_task(forever())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == 1
