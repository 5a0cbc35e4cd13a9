"""Taking one's data along, and deleting one's account: what goes, what stays, and what has to end first."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import ApiKey, AuditRecord, User
from accounts.services.create_api_key import create_api_key
from analytics.skill.models import Follow, Profile
from common.jobs.finish import results_dir
from common.jobs.run import run_due_jobs
from common.models import Job
from tests.factories.accounts import make_user
from tests.factories.trading import fund, live_market, place
from trading.models import Account, LedgerEntry, Order
from trading.services.cancel_order import cancel_order

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"  # not-a-secret
DELETE = "/accounts/settings/delete/"


@pytest.fixture
def erin(client: Client, settings: Any, tmp_path: Path) -> User:
    settings.DATA_DIR = tmp_path
    user = fund(make_user("erin"))
    user.set_password(PASSWORD)
    user.email = "erin@example.com"
    user.save()
    client.force_login(user)
    return user


def _row(user: User) -> dict[str, Any]:
    return dict(User.objects.filter(pk=user.pk).values("username", "email", "password", "is_active").get())


def test_everything_is_in_the_download_and_nothing_of_others(client: Client, erin: User) -> None:
    market = live_market(slug="rain")
    place(erin, market, price=0.2, shares=10)
    place(fund(make_user("frank")), market, outcome=1, price=0.1, shares=7)
    create_api_key(user_id=erin.pk, name="bot", scopes=["read"])
    assert client.post("/accounts/settings/data/", follow=True).redirect_chain == [("/jobs", 302)]
    run_due_jobs()
    job = Job.objects.get(kind="account_data")
    assert job.status == "COMPLETED"
    body = b"".join(client.get(f"/jobs/{job.pk}/result").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {"account.jsonl", "api-keys.jsonl", "comments.jsonl", "fills.jsonl", "ledger.jsonl", "orders.jsonl"} <= {
            *archive.namelist()
        }
        files = {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in archive.namelist()}
    assert [row["handle"] for row in files["account.jsonl"]] == ["erin"]
    assert [(row["market"], row["price"], row["quantity"]) for row in files["orders.jsonl"]] == [
        ("rain", "0.2000", "10.0000")
    ]
    assert len(files["ledger.jsonl"]) == LedgerEntry.objects.filter(account__user=erin).count()
    assert b"frank" not in body
    assert b"digest" not in body


def test_what_is_open_has_to_end_first(client: Client, erin: User) -> None:
    place(erin, live_market(), price=0.2, shares=10)
    page = client.get(DELETE).content.decode()
    assert "You have 1 open order: cancel them." in page
    assert 'name="password"' not in page
    before = _row(erin), Account.objects.get(user=erin).cash
    refused = client.post(DELETE, {"password": PASSWORD, "handle": "erin"})
    assert refused.status_code == 409
    assert (_row(erin), Account.objects.get(user=erin).cash) == before
    cancel_order(user_id=erin.pk, order_id=Order.objects.get().pk)
    assert "cancel them" not in client.get(DELETE).content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"password": "wrong", "handle": "erin"}, 403), ({"password": PASSWORD, "handle": "alice"}, 422)],
)
def test_it_takes_the_password_and_the_handle(client: Client, erin: User, fields: dict[str, str], status: int) -> None:
    before = _row(erin)
    assert 'name="password"' in client.get(f"{DELETE}?step=2").content.decode()
    assert client.post(DELETE, fields).status_code == status
    assert _row(erin) == before


def test_the_person_goes_and_the_ledger_stays(client: Client, erin: User) -> None:
    key = create_api_key(user_id=erin.pk, name="bot", scopes=["read"])
    EmailAddress.objects.create(user=erin, email="erin@example.com", verified=True, primary=True)
    Profile.objects.create(user=erin, about="Erin from Cork")
    Follow.objects.create(follower=make_user("gina"), trader=erin, created_at=erin.date_joined)
    client.post("/accounts/settings/data/")
    run_due_jobs()
    (made,) = results_dir().iterdir()
    answer = client.post(DELETE, {"password": PASSWORD, "handle": "erin"}, follow=True)
    assert not made.exists()
    assert "Your account is deleted" in answer.content.decode()
    row = _row(erin)
    assert (row["username"], row["email"], row["is_active"]) == (f"deleted-{erin.pk}", "", False)
    assert row["password"].startswith("!")
    assert not EmailAddress.objects.filter(user=erin).exists()
    assert not Profile.objects.exists()
    assert not Follow.objects.exists()
    assert ApiKey.objects.get(pk=key.key_id).revoked_at is not None
    wallet = Account.objects.get(user=erin)
    assert wallet.cash == 0
    assert sum(LedgerEntry.objects.filter(account=wallet).values_list("amount", flat=True)) == 0
    assert sum(Account.objects.values_list("cash", flat=True)) == 0
    assert AuditRecord.objects.filter(action="account.delete").count() == 1
    assert client.get("/portfolio").status_code == 302
    assert not client.login(username="erin", password=PASSWORD)


def test_staff_give_their_role_away_first(client: Client, erin: User) -> None:
    User.objects.filter(pk=erin.pk).update(is_staff=True)
    assert client.post(DELETE, {"password": PASSWORD, "handle": "erin"}).status_code == 409
    assert _row(erin)["is_active"] is True
