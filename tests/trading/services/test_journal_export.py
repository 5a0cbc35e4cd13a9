"""Journals as files: what is in them, who may have them, and that they can be replayed with nothing but Python."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from accounts.models import AuditRecord
from common.flags.declared import EXPORTS_OPEN
from common.flags.switch import switch_flag
from common.jobs.errors import JobsPaused
from common.jobs.heartbeat import Heartbeat
from common.jobs.run import run_due_jobs
from common.models import Job
from markets.errors import ActionNotAllowed
from markets.models import MarketEvent
from markets.services.void_market import void_market
from tests.architecture.sources import ROOT
from tests.factories.accounts import make_alice, make_dave
from tests.factories.trading import (
    LIQUIDITY,
    funded_traders,
    live_categorical_market,
    live_market,
    order,
    resolve,
    run,
    spec,
)
from trading.models import Order
from trading.services.request_journal_export import ExportDetail, ExportFormat, request_journal_export
from trading.services.settle_market import settle_market
from trading.types import CancelOrder, MergeSets, MintSets, SelfTradePolicy

pytestmark = pytest.mark.django_db
SCRIPT = ROOT / "scripts" / "replay_journal.py"
FEES = {"taker_fee_bps": 120, "maker_fee_bps": 30, "challenge_window_s": 0}


@pytest.fixture(autouse=True)
def results(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    # It looks from a connection of its own, which sees nothing of a test's transaction.
    monkeypatch.setattr(Heartbeat, "_beat", lambda self: None)
    return tmp_path / "results"


def trade(market, count=60, seed=3):
    chance, traders = random.Random(seed), funded_traders(4)
    for _ in range(count):
        trader, kind = chance.choice(traders), chance.random()
        if kind < 0.1:
            run(market, MintSets(trader.pk, 30_000))
        elif kind < 0.15:
            run(market, MergeSets(trader.pk, 10_000))
        elif kind < 0.25:
            mine = Order.objects.filter(market=market, status="open").order_by("id").first()
            if mine is not None:
                run(market, CancelOrder(mine.user_id, mine.pk))
        else:
            price = None if kind > 0.9 else chance.randrange(20, 80) / 100
            asked = spec(
                market, chance.choice(("buy", "sell")), chance.randrange(2), price=price,
                shares=chance.randrange(1, 30), self_trade_policy=chance.choice(list(SelfTradePolicy)),
            )  # fmt: skip
            run(market, order(trader, asked))


def export(user, market, file_format="csv", detail="full"):
    market_id = market.pk if market else None
    request_journal_export(
        user_id=user.pk, market_id=market_id, format=ExportFormat(file_format), detail=ExportDetail(detail)
    )
    assert run_due_jobs() == 1
    job = Job.objects.latest("pk")
    assert job.status == "COMPLETED", job.error
    return job


def file_of(job, settings_dir):
    return settings_dir / job.file_path


def replay(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """In a place and with a Python that know nothing of the project."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), *options]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, timeout=60, env={})


@pytest.mark.parametrize("liquidity", [0, LIQUIDITY])
@pytest.mark.parametrize("make", [live_market, live_categorical_market])
def test_a_market_replays_from_its_file(results, make, liquidity):
    market = make(liquidity_lots=liquidity, **FEES)
    trade(market)
    job = export(make_dave(), market)
    answer = replay(file_of(job, results))
    records = MarketEvent.objects.filter(market=market).count()
    assert answer.stdout.startswith(
        f"market {market.pk}: {records} records, {records - 2} commands, {records - 2} matched"
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "equal" in answer.stdout
    assert (job.done, job.total) == (records, records)


@pytest.mark.parametrize("end", ["settled", "void"])
def test_ended_markets_replay_too(results, end):
    market = live_market(liquidity_lots=LIQUIDITY, **FEES)
    trade(market, 25)
    if end == "settled":
        resolve(market, (3_000, 7_000))
    else:
        void_market(market_id=market.pk, actor_id=None, reason="Nobody knows.")
    settle_market(market_id=market.pk)
    other = live_categorical_market(**FEES)
    trade(other, 10)
    job = export(make_dave(), None, "jsonl")
    answer = replay(file_of(job, results))
    assert answer.returncode == 0, answer.stdout
    assert [line.split(":")[0] for line in answer.stdout.splitlines()] == [f"market {market.pk}", f"market {other.pk}"]


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data["cash"][0].__setitem__(1, data["cash"][0][1] + 1), "the sum of the cash is 1"),
        (lambda data: data["f"][0].__setitem__(3, data["f"][0][3] - 1), "whom it trades with"),
        (lambda data: data["o"][0].__setitem__(7, 5), "holds is"),
        (lambda data: data["l"].append([0, "buy", 1, 7]), "the change of the levels"),
        (lambda data: data["sh"].pop(), "the shares that move"),
    ],
)
def test_a_changed_record_is_found(results, change, told):
    market = live_market(**FEES)
    trade(market, 30)
    path = file_of(export(make_dave(), market), results)
    rows = rows_of(path)
    row = next(row for row in rows if row["kind"] == "order_placed" and json.loads(row["data"])["f"])
    data = json.loads(row["data"])
    change(data)
    row["data"] = json.dumps(data)
    write(path, rows)
    answer = replay(path)
    assert answer.returncode == 1
    assert told in answer.stdout


def write(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_missing_record_and_a_wrong_figure_are_found(results, tmp_path):
    market = live_market(**FEES)
    trade(market, 12)
    path = file_of(export(make_dave(), market), results)
    figures = tmp_path / "figures.json"
    figures.write_text(json.dumps({str(market.pk): {"trades": 99}}))
    answer = replay(path, "--figures", str(figures))
    assert answer.returncode == 1
    assert "trades: " in answer.stdout
    rows = [row for row in rows_of(path) if row["seq"] != "5"]
    write(path, rows)
    answer = replay(path)
    assert "seq 6: record 5 should come here" in answer.stdout
    path.write_text("a,b\n1,2\n")
    assert replay(path).returncode == 2


def test_parquet_has_the_same_rows(results):
    market = live_market(**FEES)
    trade(market, 10)
    dave = make_dave()
    lines = rows_of(file_of(export(dave, market, "csv"), results))
    job = export(dave, market, "parquet")
    table = pq.read_table(file_of(job, results))
    assert table.column_names == ["market_id", "seq", "at", "kind", "actor_id", "data"]
    assert [row["data"] for row in table.to_pylist()] == [line["data"] for line in lines]
    assert [str(row["actor_id"] or "") for row in table.to_pylist()] == [line["actor_id"] for line in lines]
    assert job.file_name.endswith(".parquet")


def test_everybody_gets_a_journal_without_owners(results):
    market = live_market(**FEES)
    trade(market, 30)
    alice = make_alice()
    path = file_of(export(alice, market, detail="public"), results)
    assert replay(path).returncode == 0
    for row in rows_of(path):
        data = json.loads(row["data"])
        assert row["actor_id"] == ""
        if row["kind"].startswith("order_"):
            assert set(data) == {"l", "f", "p"}
            assert all(len(fill) == 6 for fill in data["f"])
    assert not AuditRecord.objects.filter(action="journal.export").exists()


def test_a_full_one_is_for_staff_and_audited(results):
    market, alice, dave = live_market(), make_alice(), make_dave()
    for market_id, detail in ((market.pk, ExportDetail.FULL), (None, ExportDetail.PUBLIC)):
        with pytest.raises(ActionNotAllowed):
            request_journal_export(user_id=alice.pk, market_id=market_id, format=ExportFormat.CSV, detail=detail)
    assert not Job.objects.exists()
    request_journal_export(user_id=dave.pk, market_id=market.pk, format=ExportFormat.CSV, detail=ExportDetail.FULL)
    assert AuditRecord.objects.get(action="journal.export").actor_id == dave.pk
    # Whoever has lost the role by the time that it runs gets nothing.
    dave.groups.clear()
    run_due_jobs()
    job = Job.objects.get()
    assert (job.status, job.file_path) == ("FAILED", "")


def test_exports_can_be_paused(results):
    market, alice = live_market(), make_alice()
    switch_flag(name=EXPORTS_OPEN.name, is_on=False, actor_id=None, reason="Too much to do.")
    with pytest.raises(JobsPaused):
        request_journal_export(
            user_id=alice.pk, market_id=market.pk, format=ExportFormat.CSV, detail=ExportDetail.PUBLIC
        )
