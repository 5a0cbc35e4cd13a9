"""Breaks a part of the product every few seconds, by the dice of a seed, and notes when it was back.

Schedule   Every kind once before any comes twice; then by weight. One time in DOUBLE_IN two parts break at the same
           moment. The next fault comes when the last one is healed, and soon enough for the kills that are wanted.
"""

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from scripts.storm.faults import KINDS, Kind
from scripts.storm.product import Product, is_alive

HEALED_WITHIN_S: Final = 60.0
DOUBLE_IN: Final = 7
_PAUSE_S: Final = (0.5, 6.0)


class Nemesis:
    """``run`` returns the number of kills."""

    def __init__(self, product: Product, directory: Path, *, seed: int, say: Callable[[str], object]) -> None:
        self.product, self.say = product, say
        self.file = directory / "faults.jsonl"
        self.chance = random.Random(seed)
        self.kills = self.number = 0
        self._first = list(KINDS)

    def run(self, *, until: float, kills_wanted: int) -> int:
        began = time.monotonic()
        while time.monotonic() < until:
            is_late = self.kills < kills_wanted * (time.monotonic() - began) / (until - began)
            kinds = [self._choose(is_late=is_late)]
            if self.chance.randrange(DOUBLE_IN) == 0:
                kinds.append(self._choose(other_than=kinds[0].part, is_late=is_late))
            self._strike_all(kinds)
            pause = self.chance.uniform(*_PAUSE_S) / (4 if is_late else 1)
            time.sleep(max(min(pause, until - time.monotonic()), 0.0))
        return self.kills

    def _choose(self, *, other_than: str = "", is_late: bool) -> Kind:
        """One that kills when the kills are late; one that hasn't been yet, if there is any."""
        kinds = [kind for kind in KINDS if kind.part != other_than and (kind.is_kill or not is_late)]
        new = [kind for kind in kinds if kind in self._first]
        chosen = self.chance.choices(new or kinds, [kind.weight for kind in new or kinds])[0]
        if chosen in self._first:
            self._first.remove(chosen)
        return chosen

    def _strike_all(self, kinds: list[Kind]) -> None:
        chances = [random.Random(self.chance.random()) for _ in kinds]
        with ThreadPoolExecutor(len(kinds)) as pool:
            faults = list(pool.map(self._strike, kinds, chances))
        for fault in faults:
            self.number += 1
            self.kills += fault["kills"]
            self._note(number=self.number, is_double=len(kinds) > 1, **fault)

    def _strike(self, kind: Kind, chance: random.Random) -> dict[str, Any]:
        before, at = self._pids(kind.part), time.monotonic()
        struck = kind.strike(self.product, chance)
        ended_at = time.monotonic()
        healed_s, strength_s = self._wait(kind, struck, before, ended_at)
        return {
            "kind": kind.name, "part": kind.part, "at": at, "ended_at": ended_at, "healed_s": healed_s,
            "strength_s": strength_s, "kills": int(kind.is_kill and bool(struck)),
        }  # fmt: skip

    def _pids(self, part: str) -> int:
        return len(self.product.web_pids()) if part == "web" else 1

    def _wait(self, kind: Kind, struck: list[int], before: int, ended_at: float) -> tuple[float | None, float | None]:
        """Seconds until the part answers without whom was struck, and until it is as strong as it was."""
        healed_s: float | None = None
        while time.monotonic() < ended_at + HEALED_WITHIN_S:
            if healed_s is None and not any(map(is_alive, struck)) and self._is_up(kind.part):
                healed_s = round(time.monotonic() - ended_at, 3)
            if healed_s is not None and self._pids(kind.part) >= min(before, 2):
                return healed_s, round(time.monotonic() - ended_at, 3)
            time.sleep(0.05)
        return healed_s, None

    def _is_up(self, part: str) -> bool:
        product = self.product
        if part == "web":
            return product.is_web_up()
        if part == "postgres":
            return product.is_postgres_up()
        if part == "redis":
            return product.is_redis_up()
        return all(product.program_pid(name) for name in ("worker", "jobs", "alerting", "beat"))

    def _note(self, **fault: Any) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(fault) + "\n")
        took = f"{fault['ended_at'] - fault['at']:.1f} s"
        back = f"back after {fault['healed_s']} s, whole after {fault['strength_s']} s"
        self.say(f"  {fault['number']:3}. {fault['kind']} ({took}), {back}")
