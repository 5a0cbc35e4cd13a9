"""Every regression that is injected is taken back, whatever was changed; indexes are really built and dropped."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from common import clock
from common.models import Job
from common.tuning.declared import TUNABLES
from common.tuning.reading import known
from monitoring.optimizer.engine.limits import LIMITS
from monitoring.optimizer.engine.rules.indexes import index_name, missing_index
from monitoring.optimizer.errors import ActNotAllowed
from monitoring.optimizer.models import ProbePoint, Recommendation, Tunable
from monitoring.optimizer.services._proposals import keep_findings
from monitoring.optimizer.services.apply_recommendation import work_on_database
from monitoring.optimizer.services.decide_recommendation import approve_recommendation
from monitoring.optimizer.services.observe_changes import observe_changes
from monitoring.optimizer.services.trigger_optimization import trigger_optimization
from monitoring.optimizer.types import IndexProof, Snapshot, Statement, Status, Strategy
from tests.factories.accounts import make_dave
from tests.monitoring.optimizer.site import History

pytestmark = pytest.mark.django_db(transaction=True)
SETTINGS = [spec for name, spec in TUNABLES.items() if not name.endswith("_round")]
PROOF = IndexProof("42", "fault_table", ("trader",), 900.0, 9.0, "sample", 50_000)
STATEMENT = Statement("42", "SELECT 1 FROM fault_table WHERE trader = $1", 100, 30.0)
INDEX = index_name("fault_table", ("trader",))


def test_every_injected_regression_is_taken_back(site: None, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other: each setting is changed, everything gets half as slow again, and it is as before."""
    at, dave, reverted = history.begin, make_dave().pk, []
    for spec in SETTINGS:
        name = f"{spec.name}:a.b" if spec.is_keyed else spec.name
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        history.write(at - timedelta(minutes=10), at, response_time=40, error_rate=0.1, throughput=90)
        parameters = {"setting": name, "value": spec.low + (spec.high - spec.low) / 4}
        trigger_optimization(actor_id=dave, kind=spec.subsystem, parameters=parameters)
        assert known.values[name] == parameters["value"]
        later = at + timedelta(minutes=2)
        history.write(at, later, response_time=60, error_rate=0.1, throughput=90)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        assert observe_changes() == 1
        row = Recommendation.objects.order_by("-pk")[0]
        assert 0.4 < (row.change or 0.5) < 0.6
        reverted.append(row.status)
        assert name not in known.values
        at += timedelta(hours=3)
    assert reverted == [Status.REVERTED] * len(SETTINGS)
    assert len(reverted) == 13
    assert not Tunable.objects.exists()


@pytest.fixture
def index(site: None, settings: Any) -> Iterator[Recommendation]:
    settings.PERFORMANCE_OPTIMIZATION_STRATEGY = "aggressive"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE fault_table (id serial PRIMARY KEY, trader int)")
        cursor.execute("INSERT INTO fault_table (trader) SELECT i % 50 FROM generate_series(1, 500) i")
    found = list(missing_index(Snapshot(statements=(STATEMENT,), proofs=(PROOF,)), LIMITS))
    yield keep_findings(found, Strategy.AGGRESSIVE, clock.now())[0]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE fault_table")


def indexes() -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, x.indisvalid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid"
            " WHERE x.indrelid = 'fault_table'::regclass AND NOT x.indisprimary"
        )
        return list(cursor.fetchall())


def run_job_again() -> dict[str, Any]:
    """A worker has run it when the transaction was committed."""
    arguments = Job.objects.filter(kind="optimize_database").order_by("-pk")[0].arguments
    return work_on_database(recommendation_id=arguments["recommendation"], is_undo=arguments["undo"])


def test_an_index_is_built_watched_and_dropped_when_it_harms(
    index: Recommendation, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve_recommendation(actor_id=make_dave().pk, recommendation_id=index.pk)
    assert run_job_again() == {"status": "applied"}
    assert indexes() == [(INDEX, True)]
    index.refresh_from_db()
    at = index.applied_at
    assert at is not None
    probe = [(at + timedelta(seconds=10 * number), 20.0 if number < 0 else 33.0) for number in range(-12, 12)]
    ProbePoint.objects.bulk_create(ProbePoint(name="statement:42", at=at, value=ms, load=5.0) for at, ms in probe)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=2))
    assert observe_changes() == 1
    assert indexes() == []
    assert run_job_again() == {"undone": INDEX}
    index.refresh_from_db()
    assert (index.status, index.change) == (Status.REVERTED, pytest.approx(0.65, abs=0.01))


def test_an_index_is_built_in_the_aggressive_mode_only(index: Recommendation, settings: Any) -> None:
    settings.PERFORMANCE_OPTIMIZATION_STRATEGY = "balanced"
    with pytest.raises(ActNotAllowed, match="strategy aggressive only"):
        approve_recommendation(actor_id=make_dave().pk, recommendation_id=index.pk)
    index.refresh_from_db()
    assert (index.status, Job.objects.count()) == (Status.PROPOSED, 0)


def test_a_build_that_fails_leaves_no_invalid_index(index: Recommendation, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fault_table SET trader = 1")
        # What an earlier build left behind.
        with pytest.raises(Exception, match="could not create unique index"):
            cursor.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {INDEX} ON fault_table (trader)")
    assert indexes() == [(INDEX, False)]
    Recommendation.objects.filter(pk=index.pk).update(details={"table": "fault_table", "columns": ["nothing"]})
    approve_recommendation(actor_id=make_dave().pk, recommendation_id=index.pk)
    assert indexes() == []
    index.refresh_from_db()
    assert (index.status, index.applied_at) == (Status.FAILED, None)
    assert "nothing" in index.reason


def test_a_table_is_really_vacuumed_and_analysed(index: Recommendation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fault_table SET trader = trader + 1")
        cursor.execute("SELECT pg_stat_force_next_flush()")
    rows = []
    for act, subsystem in (("vacuum", "database"), ("analyze", "connection")):
        Recommendation.objects.filter(pk=index.pk).update(act=act, target="fault_table", subsystem=subsystem)
        approve_recommendation(actor_id=make_dave().pk, recommendation_id=index.pk)
        index.refresh_from_db()
        rows.append((index.status, index.is_reversible))
        Recommendation.objects.filter(pk=index.pk).update(status="proposed")
        Job.objects.all().delete()
    assert rows == [(Status.APPLIED, False)] * 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_dead_tup, vacuum_count, analyze_count FROM pg_stat_user_tables WHERE relname = 'fault_table'"
        )
        assert cursor.fetchone() == (0, 1, 2)
