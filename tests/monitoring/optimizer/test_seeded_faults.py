"""Of twenty-two seeded faults on real servers nearly all are found; on a clean system next to nothing is."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from common.caching import clients
from monitoring.models import Sample
from monitoring.optimizer.engine.findings import findings
from monitoring.optimizer.engine.limits import LIMITS
from monitoring.optimizer.selectors.evidence.snapshot import look
from monitoring.optimizer.types import Act
from tests.factories.trading import funded_alice, funded_bob, live_market, place
from tests.monitoring.optimizer.faults import FAULTS, forget_statements, publish, sql

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
#: Faults that last some tenths of a second here last many seconds where somebody suffers from them.
IMPATIENT = replace(LIMITS, idle_s=0.2, runaway_s=0.2, slow_calls=5)
FOUND_MIN, FALSE_MAX = 16, 2


@pytest.fixture
def counted(site: None, settings: Any) -> Iterator[None]:
    settings.MEMORY_THRESHOLD_MB = 4_096
    clients.client().flushdb()
    forget_statements()
    yield
    clients.client().flushdb()


def test_seeded_faults_are_found(counted: None, capsys: pytest.CaptureFixture[str]) -> None:
    table, missed, false = [], list[str](), 0
    publish()
    for name, fault in FAULTS.items():
        Sample.objects.all().delete()
        _, before = look({})
        with fault.sickness():
            snapshot, _ = look(before)
        found = findings(snapshot, IMPATIENT)
        hits = [one for one in found if one.rule == fault.rule and fault.subject in one.subject]
        others = sorted({one.rule for one in found if one not in hits})
        missed += [] if hits else [name]
        false += len(others)
        act = "-" if not hits else str(hits[0].action.act)
        table.append(f"{name:22} {'found' if hits else 'MISSED':7} {act:12} {', '.join(others)}")
    with capsys.disabled():
        sys.stdout.write(
            "\n".join(["", *table, f"{len(FAULTS) - len(missed)} of {len(FAULTS)} found, {false} beside them", ""])
        )
    assert len(FAULTS) >= 20
    assert len(FAULTS) - len(missed) >= FOUND_MIN
    assert missed == []


def test_a_clean_system_that_trades_has_next_to_no_findings(counted: None) -> None:
    # What other tests left in this database, autovacuum would have cleared.
    sql("VACUUM (ANALYZE)")
    publish()
    _, before = look({})
    market, alice, bob = live_market(), funded_alice(), funded_bob()
    for number in range(40):
        place(alice, market, price=0.4 + number / 200)
        place(bob, market, "sell", price=0.6 - number / 200)
    publish()
    snapshot, _ = look(before)
    assert snapshot.statements
    assert len(findings(snapshot)) <= FALSE_MAX
    assert findings(snapshot) == []


def test_an_index_is_proven_by_the_planner(counted: None) -> None:
    _, before = look({})
    with FAULTS["missing_index"].sickness():
        snapshot, _ = look(before)
        assert not any(one for one in snapshot.indexes if one.table.startswith("pg_temp"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname = 'fault_table'")
            assert cursor.fetchone()[0] == 0
    best = next(one for one in findings(snapshot) if one.rule == "missing_index")
    assert (best.action.act, best.action.details["columns"]) == (Act.CREATE_INDEX, ["trader"])
    assert best.evidence["proof"] == "sample"
    assert best.evidence["cost_after"] < 0.3 * best.evidence["cost_before"]
    sql("SELECT 1")
