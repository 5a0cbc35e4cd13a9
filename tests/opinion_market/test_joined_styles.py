"""Several stylesheets asked for at once: each whole and in order, or nothing."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client, RequestFactory

from opinion_market.joined_styles import FOR_EVER, JoinedStyles

ROOT = Path(__file__).resolve().parents[2] / "static"
NAMES = ("css/tokens.css", "css/pages/home.css", "vendor/uplot-1.6.32/uPlot.min.css")
WHOLE = b"\n".join((ROOT / name).read_bytes() for name in NAMES)
NAME = "~/" + "~".join(NAMES)


def ask(path: str, encoding: str = "gzip", method: str = "get") -> Any:
    return getattr(Client(), method)(path, headers={"Accept-Encoding": encoding})


def test_parts_come_in_order_packed_and_are_kept_for_ever() -> None:
    answer = ask(staticfiles_storage.url(NAME))
    assert (answer.status_code, answer["Cache-Control"], answer["Content-Type"]) == (
        200, FOR_EVER, "text/css; charset=utf-8",
    )  # fmt: skip
    assert (answer["Vary"], answer["X-Content-Type-Options"]) == ("Accept-Encoding", "nosniff")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert gzip.decompress(answer.content) == WHOLE


@pytest.mark.parametrize("folder", ["", "0123456789ab/"])
def test_without_todays_digest_they_are_kept_for_a_short_time(folder: str) -> None:
    answer = ask(f"/static/{folder}{NAME}", encoding="br")
    assert (answer.status_code, answer["Cache-Control"], answer.content) == (200, "max-age=60, public", WHOLE)
    assert not answer.has_header("Content-Encoding")


def test_a_head_has_no_body_and_nothing_can_be_sent_there() -> None:
    head = ask(staticfiles_storage.url(NAME), method="head")
    assert (head.status_code, head.content) == (200, b"")
    assert ask(staticfiles_storage.url(NAME), method="post").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "~/css/nothing.css", "~/css/tokens.css~css/nothing.css", "~/js/site.js", "~/css/tokens.css~js/site.js",
        "~/../manage.py", "~/css/../css/tokens.css", "~//etc/a.css", "~/css/tokens.css~", "~/", "~/css/.css",
        "~/" + "~".join(["css/tokens.css"] * 41),
    ],
)  # fmt: skip
def test_what_is_not_a_row_of_our_stylesheets_is_not_found(name: str) -> None:
    assert ask(f"/static/{name}").status_code == 404


def test_wholes_are_kept_where_files_stay_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opinion_market.joined_styles._KEPT", 1)
    request = RequestFactory().get("/")
    styles = JoinedStyles(is_kept=True)
    for name in (NAME, "~/css/base.css"):
        first, again = (styles.answer(request, name, is_now=True) for _ in range(2))
        assert first is not None
        assert again is not None
        assert first.content == again.content
    assert list(styles._wholes) == [NAME]
    read_again = JoinedStyles(is_kept=False)
    assert read_again.answer(request, NAME, is_now=False) is not None
    assert read_again._wholes == {}
