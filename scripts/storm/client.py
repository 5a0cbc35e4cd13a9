"""One client of the storm, a process of its own: `python -m scripts.storm.client JSON`.

Contract   Each command is on disk before it is sent, with its client_order_id; each answer after it. An outcome that
           is unknown is left so: most are settled when the storm is over, some at once, as a hasty client would.
"""

import asyncio
import json
import random
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from scripts.storm.checker.history import is_definite
from scripts.storm.notes import Notes
from scripts.storm.traffic import Act, Trader, Traffic
from scripts.storm.wire import TIMEOUT_S, NoAnswerError, Wire, WireAnswer

#: Of the outcomes that are unknown, so many are asked for again at once.
_HASTY_SHARE: Final = 0.3
#: Before the next request when there was no answer.
_CALM_S: Final = 0.2


class Client:
    def __init__(self, arguments: dict[str, Any]) -> None:
        self.name, self.port = arguments["name"], arguments["port"]
        self.timeout_s = arguments.get("timeout_s", TIMEOUT_S)
        self.interval_s = arguments["connections"] / arguments["per_second"]
        self.notes = Notes(Path(arguments["directory"]) / f"notes-{self.name}.jsonl")
        self.chance = random.Random(arguments["seed"])
        traders = [Trader(**trader) for trader in arguments["traders"]]
        markets = {int(key): slugs for key, slugs in arguments["markets"].items()}
        self.traffic = Traffic(traders, markets, arguments["seed"])
        self.is_over = False
        self._count = 0

    async def run(self, connections: int) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end)
        await asyncio.gather(*(self._trade() for _ in range(connections)))
        self.notes.close()

    def _end(self) -> None:
        self.is_over = True

    async def _trade(self) -> None:
        wire, loop = Wire(self.port, self.timeout_s), asyncio.get_running_loop()
        while not self.is_over:
            began = loop.time()
            is_answered = await self._do(wire, self.traffic.next())
            pause = self.chance.uniform(0.5, 1.5) * self.interval_s if is_answered else _CALM_S
            await asyncio.sleep(max(began + pause - loop.time(), 0))
        wire.close()

    async def _do(self, wire: Wire, act: Act) -> bool:
        """Note, send, note; whether there was a definite answer."""
        name = act.again or self._new_name()
        if act.again:
            self.notes.write("again", id=name)
        else:
            self._note_sending(name, act)
        is_answered = await self._ask(wire, name, act)
        if not is_answered and self.chance.random() < _HASTY_SHARE and act.what != "cancel":
            self.notes.write("again", id=name)
            is_answered = await self._ask(wire, name, act)
        return is_answered

    def _new_name(self) -> str:
        self._count += 1
        return f"{self.name}-{self._count}"

    def _note_sending(self, name: str, act: Act) -> None:
        request = {key: value for key, value in asdict(act.request).items() if key != "secret"}
        body = request.pop("body") or {}
        self.notes.write(
            "send", id=name, what=act.what, user_id=act.trader.user_id, body=body, request=request, **act.facts
        )

    async def _ask(self, wire: Wire, name: str, act: Act) -> bool:
        try:
            answer = await wire.ask(act.request)
        except NoAnswerError as error:
            self.notes.write("unknown", id=name, why=str(error))
            return False
        is_replay = answer.headers.get("idempotent-replay") == "true"
        self.notes.write("answer", id=name, status=answer.status, body=answer.text, is_replay=is_replay)
        self._remember(name, act, answer)
        return is_definite(answer.status)

    def _remember(self, name: str, act: Act, answer: WireAnswer) -> None:
        if not is_definite(answer.status):
            self.notes.write("unknown", id=name, why=f"status {answer.status}")
        elif act.what == "place" and answer.status == 201 and not act.again:
            self.traffic.remember(name, act, json.loads(answer.text))


def main() -> None:
    arguments = json.loads(sys.argv[1])
    asyncio.run(Client(arguments).run(arguments["connections"]))


if __name__ == "__main__":
    main()
