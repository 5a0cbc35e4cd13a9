"""Secrets go in through every door and come out of none: no file, no console, no error page."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from django.test import Client, override_settings

from common.logs.writer import writer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.common.logs.site")]

CANARIES = {
    "bearer": "canary-bearer-0a1b2c3d",
    "key": "omk_canaryKEY0123456789",
    "cookie": "canarycookie0a1b2c3d",
    "csrf": "canaryCSRF0a1b2c3d",
    "password": "canary pass: word, 'quoted' \"x\"",
    "totp": "CANARYJBSWY3DPEHPK3PXPJBSWY3DPEH",
    "code": "917253",
    "webhook": "whsec_canaryWEBHOOK0123456789",
    "token": "canary-token-5f6e7d",
    "database": "postgresql://site:canarydatabase@db.example/site",  # not-a-secret
}


def leaks(written: str) -> list[str]:
    """What stands around each canary that got out."""
    found = [re.escape(canary) for canary in CANARIES.values()] + ["canary(?!ies)"]
    return [
        written[max(one.start() - 60, 0) : one.end() + 20] for one in re.finditer("(?i)" + "|".join(found), written)
    ]


@pytest.fixture
def told(log_dir: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Fills with error pages; at the end nothing that was written anywhere holds a canary."""
    pages: list[str] = []
    yield pages
    writer.flush()
    console = capfd.readouterr()
    files = [path.read_text() for path in log_dir.glob("[ae]*.log")]
    assert len(files) == 2
    written = "\n".join([console.out, console.err, *files, *pages])
    assert "[redacted]" in written
    assert leaks(written) == []

    for file in files:
        assert all(json.loads(line)["request_id"] for line in file.splitlines())


@pytest.fixture(params=[False, True], ids=["debug-off", "debug-on"])
def site(request: pytest.FixtureRequest) -> Iterator[Client]:
    with override_settings(DEBUG=request.param, ALLOWED_HOSTS=["testserver"]):
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = CANARIES["cookie"]
        yield client


HEADERS = {
    "Authorization": f"Bearer {CANARIES['bearer']}",
    "X-CSRFToken": CANARIES["csrf"],
    "X-Api-Key": CANARIES["key"],
    "X-Request-ID": CANARIES["key"],
    "X-Webhook-Secret": CANARIES["webhook"],
}


def test_headers_cookies_forms_and_addresses(site: Client, told: list[str]) -> None:
    form = {"password": CANARIES["password"], "totp_secret": CANARIES["totp"], "otp_code": CANARIES["code"]}
    answer = site.post(f"/boom?token={CANARIES['token']}&next=/", form, headers=HEADERS)
    assert answer.status_code == 500
    assert CANARIES["key"] not in answer.headers["X-Request-ID"]
    told.append(answer.text)


def test_json(site: Client, told: list[str]) -> None:
    document = {
        "user": "alice", "new_password": CANARIES["password"], "webhook": {"secret": CANARIES["webhook"]},
        "recovery_codes": [CANARIES["token"]], "database_url": CANARIES["database"], "otp": CANARIES["code"],
    }  # fmt: skip
    answer = site.post("/boom-json", document, content_type="application/json", headers=HEADERS)
    assert answer.status_code == 500
    told.append(answer.text)


def test_errors_of_sql(site: Client, told: list[str]) -> None:
    answer = site.get("/boom-sql", {"password": CANARIES["password"]}, headers=HEADERS)
    assert answer.status_code == 500
    told.append(answer.text)


def test_signing_in(site: Client, told: list[str]) -> None:
    form = {"login": "alice", "password": CANARIES["password"], "csrfmiddlewaretoken": CANARIES["csrf"]}
    assert site.post("/accounts/login/", form, headers=HEADERS).status_code in (200, 403)
    site.get(f"/accounts/password/reset/key/3-{CANARIES['token']}/", headers=HEADERS)
    logging.getLogger("site").error("It holds %s", {"api_key": CANARIES["key"]}, extra={"headers": HEADERS})


@shared_task(name="tests.told", bind=True, max_retries=0)
def _fail(task: Any, password: str, holder: dict[str, str]) -> None:
    logging.getLogger("site").error("Working with %s and %s", password, holder)
    raise ValueError(f"can't use {password} of {holder}")


def test_arguments_of_tasks(told: list[str]) -> None:
    holder = {"api_key": CANARIES["key"], "webhook_secret": CANARIES["webhook"], "dsn": CANARIES["database"]}
    with pytest.raises(ValueError, match="can't use"):
        _fail.delay(CANARIES["password"], holder)


def test_messages_and_extra_fields(told: list[str]) -> None:
    try:
        raise RuntimeError(f"connecting to {CANARIES['database']} with {CANARIES['key']}")
    except RuntimeError:
        logging.getLogger("site").exception(
            "password=%s Cookie: a=%s", CANARIES["token"], CANARIES["cookie"], extra={"totp_secret": CANARIES["totp"]}
        )
