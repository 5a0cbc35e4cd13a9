"""A small run without a storm: the traffic of its clients through the real API, noted and exported as in a storm."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client

from accounts.services.create_api_key import create_api_key
from scripts.storm.checker.evidence import Evidence, read_evidence
from scripts.storm.export import export
from scripts.storm.traffic import Act, Trader, Traffic
from tests.factories.accounts import make_dave, make_user
from tests.factories.trading import fund, live_categorical_market, live_market, resolve
from trading.services.settle_market import settle_market

TRADERS = 4
#: The time of the notes, which no test waits for.
STEP_S = 0.01


@contextmanager
def put_back() -> Iterator[None]:
    """As a ``TestCase`` does it: what is written here is gone afterwards, and durable blocks may stand inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


class Recording:
    """``at`` is the clock of the notes."""

    ends_a_market = True

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory, self.at, self.count = directory, 100.0, 0
        make_dave()
        self.markets = [
            live_market(liquidity_lots=1_000_000, taker_fee_bps=200, maker_fee_bps=50, challenge_window_s=0),
            live_market(challenge_window_s=0),
            live_categorical_market(liquidity_lots=1_000_000),
        ]
        slugs = {m.pk: list(m.outcomes.order_by("index").values_list("slug", flat=True)) for m in self.markets}
        self.traders = [self._trader(f"storm{number}") for number in range(TRADERS)]
        self.traffic = Traffic(self.traders, slugs, seed)
        self.client = Client()
        self.chance = random.Random(seed)
        self.notes: list[str] = []

    def _trader(self, handle: str) -> Trader:
        user = fund(make_user(handle), 300)
        return Trader(user.pk, create_api_key(user_id=user.pk, name="storm", scopes=["read", "trade"]).secret)

    def run(self, acts: int) -> Evidence:
        for _ in range(acts):
            self._do(self.traffic.next())
        if self.ends_a_market:
            resolve(self.markets[0], (10_000, 0))
            settle_market(market_id=self.markets[0].pk)
        (self.directory / "notes-client0.jsonl").write_text("\n".join(self.notes) + "\n", encoding="utf-8")
        export(connection.connection, self.directory)
        self._write_faults()
        return read_evidence(self.directory)

    def _do(self, act: Act) -> None:
        name = act.again or f"client0-{self.count}"
        self.count += 1
        body = act.request.body or {}
        request = {"method": act.request.method, "path": act.request.path, "key": act.request.key}
        if act.again:
            self._note("again", id=name)
        else:
            user_id = act.trader.user_id
            self._note("send", id=name, what=act.what, user_id=user_id, body=body, request=request, **act.facts)
        answer = self.ask(act)
        text = answer.content.decode()
        is_replay = answer.headers.get("Idempotent-Replay") == "true"
        self._note("answer", id=name, status=answer.status_code, body=text, is_replay=is_replay)
        if act.what == "place" and answer.status_code == 201 and not act.again:
            self.traffic.remember(name, act, json.loads(text))

    def ask(self, act: Act) -> Any:
        return self.client.generic(
            act.request.method,
            act.request.path,
            json.dumps(act.request.body or {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {act.trader.secret}", "Idempotency-Key": act.request.key},
        )

    def _note(self, note: str, **facts: Any) -> None:
        self.at += STEP_S
        self.notes.append(json.dumps({"note": note, "at": self.at, **facts}))

    def _write_faults(self) -> None:
        """As if Redis had been away for a while and the web server had been killed."""
        middle = (100.0 + self.at) / 2
        faults = [
            {"number": 1, "kind": "keep Redis down", "part": "redis", "at": middle - 2.5, "ended_at": middle},
            {"number": 2, "kind": "kill the web server", "part": "web", "at": middle + 1, "ended_at": middle + 1},
        ]
        more = {"healed_s": 0.5, "strength_s": 1.0, "kills": 1, "is_double": False}
        lines = [json.dumps(fault | more) for fault in faults]
        (self.directory / "faults.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
