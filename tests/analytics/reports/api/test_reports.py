"""Reports over HTTP: asked for, followed, downloaded, and hidden from whom they don't concern."""

from typing import Any

import pytest

from analytics.business.models import SiteDay
from analytics.reports.models import Report, ReportDefinition, ReportSchedule
from common.jobs.run import run_due_jobs
from common.models import Job
from tests.analytics.business.days import Days
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db
BASE = "/business-intelligence"
ORDER: dict[str, Any] = {"title": "Volume", "metrics": ["volume"], "period": "last_7_days", "format": "csv"}
WEEKLY: dict[str, Any] = ORDER | {
    "schedule": {"cadence": "weekly", "weekday": 2, "at": "06:30", "time_zone": "Europe/Lisbon"},
    "shared_with": ["operator"],
}


@pytest.fixture(autouse=True)
def _workers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are run when a test says so."""
    monkeypatch.setattr("common.tasks.work_off_jobs.apply_async", lambda **options: None)


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_asked_for_followed_and_downloaded(carol_api: Api, traded: Days) -> None:
    answer = carol_api.post(f"{BASE}/generate-report", ORDER)
    asked = answer.json()
    assert (answer.status_code, asked["status"], asked["percent"], asked["rows"]) == (202, "PENDING", 0, None)
    early = carol_api.get(asked["links"]["download"].removeprefix("/api/v1"))
    assert (early.status_code, early.json()["code"]) == (409, "report.not_ready")
    run_due_jobs()
    ready = carol_api.get(asked["links"]["self"].removeprefix("/api/v1")).json()
    assert (ready["status"], ready["percent"], ready["rows"], ready["is_from_cache"]) == ("COMPLETED", 100, 7, False)
    file = carol_api.get(ready["links"]["download"].removeprefix("/api/v1"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="volume-2026-05-28-2026-06-03.csv"'
    assert len(file.content) == ready["bytes"]
    assert carol_api.get(ready["links"]["job"].removeprefix("/api/v1")).json()["status"] == "COMPLETED"


def test_one_key_asks_once(carol_api: Api, traded: Days) -> None:
    key = {"Idempotency-Key": "a-1"}
    ids = [carol_api.post(f"{BASE}/generate-report", ORDER, **key).json()["id"] for _ in range(2)]
    assert ids[0] == ids[1]
    other = carol_api.post(f"{BASE}/generate-report", ORDER | {"format": "pdf"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "report.key_reused")
    assert Report.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"metrics": []}, ["/metrics"]),
        ({"metrics": ["volume", "nonsense"]}, ["/metrics/1"]),
        ({"metrics": "volume"}, ["/metrics"]),
        ({"dimensions": ["segment"]}, ["/dimensions/0"]),
        ({"filters": {"topic": "science"}}, ["/filters"]),
        ({"filters": {"sky": ["blue"]}}, ["/filters/sky"]),
        ({"period": "ever"}, ["/period"]),
        ({"period": "custom", "first_on": "June"}, ["/first_on"]),
        ({"format": "doc"}, ["/format"]),
        ({"surprise": 1}, ["/surprise"]),
        ({"definition_id": 1}, ["/title", "/metrics", "/period", "/format"]),
    ],
)
def test_every_mistake_is_named_and_nothing_is_made(
    carol_api: Api, now: Any, fields: dict[str, Any], found: list[str]
) -> None:
    answer = carol_api.post(f"{BASE}/generate-report", ORDER | fields)
    assert answer.status_code in (400, 422)
    assert pointers(answer) == found
    assert not Report.objects.exists()
    assert not Job.objects.exists()


def test_a_definition_is_kept_changed_made_and_deleted(carol_api: Api, traded: Days) -> None:
    kept = carol_api.post(f"{BASE}/report-definitions", WEEKLY)
    assert kept.status_code == 201
    path = f"{BASE}/report-definitions/{kept.json()['id']}"
    assert kept.json()["schedule"]["next_at"] == "2026-06-10T05:30:00.000Z"
    made = carol_api.post(f"{BASE}/generate-report", {"definition_id": kept.json()["id"]}).json()
    assert made["definition_id"] == kept.json()["id"]
    changed = carol_api.send("PUT", path, ORDER | {"title": "Other"}).json()
    assert (changed["title"], changed["schedule"], changed["shared_with"]) == ("Other", None, [])
    assert not ReportSchedule.objects.exists()
    assert carol_api.delete(path).json()["title"] == "Other"
    assert carol_api.get(path).status_code == 404
    assert carol_api.get(f"{BASE}/reports/{made['id']}").json()["definition_id"] is None


def test_shared_with_a_role_is_for_that_role_only(carol_api: Api, dave_api: Api, alice_api: Api, traded: Days) -> None:
    own = carol_api.post(f"{BASE}/generate-report", ORDER).json()
    kept = carol_api.post(f"{BASE}/report-definitions", WEEKLY).json()
    shared = carol_api.post(f"{BASE}/generate-report", {"definition_id": kept["id"]}).json()
    run_due_jobs()
    seen = dave_api.get(f"{BASE}/reports").json()["items"]
    assert [report["id"] for report in seen] == [shared["id"]]
    assert dave_api.get(f"{BASE}/reports/{shared['id']}/download").status_code == 200
    for path in (f"reports/{own['id']}", f"reports/{own['id']}/download"):
        assert dave_api.get(f"{BASE}/{path}").status_code == 404
    path = f"{BASE}/report-definitions/{kept['id']}"
    assert dave_api.get(path).json()["title"] == "Volume"
    assert dave_api.send("PUT", path, ORDER).status_code == 404
    assert dave_api.delete(path).status_code == 404
    assert ReportDefinition.objects.get().shared_with == ["operator"]
    # A role that is lost takes with it what was shared with it, and what it allowed.
    dave_api.user.groups.clear()
    assert dave_api.get(f"{BASE}/reports/{shared['id']}").status_code in (403, 404)
    assert alice_api.get(f"{BASE}/reports").status_code == 403
    refused = alice_api.post(f"{BASE}/generate-report", ORDER)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.permission_missing")
    assert Report.objects.count() == 2


def test_pages_of_the_list(carol_api: Api, traded: Days) -> None:
    for number in range(5):
        carol_api.post(f"{BASE}/generate-report", ORDER | {"title": f"Volume {number}"})
    first = carol_api.get(f"{BASE}/reports?limit=3").json()
    second = carol_api.get(f"{BASE}/reports?limit=3&cursor={first['next_cursor']}").json()
    titles = [report["title"] for report in (*first["items"], *second["items"])]
    assert titles == [f"Volume {number}" for number in (4, 3, 2, 1, 0)]
    assert second["next_cursor"] is None


def test_a_list_asks_the_database_as_often_for_many(
    carol_api: Api, traded: Days, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        carol_api.post(f"{BASE}/generate-report", ORDER | {"title": f"Volume {number}"})
    run_due_jobs()
    with django_assert_max_num_queries(16):
        assert len(carol_api.get(f"{BASE}/reports").json()["items"]) == 12
    assert SiteDay.objects.exists()
