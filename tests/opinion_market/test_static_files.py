"""Files of pages: named by what they hold, packed, kept for good; and still found under an old name."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client, override_settings

from opinion_market.static_files import FOR_EVER, StaticFilesMiddleware, digest_of

ROOT = Path(__file__).resolve().parents[2]
STYLE = ROOT / "static/css/tokens.css"
SHORTLY = "max-age=60, public"


def ask(path: str, encoding: str = "gzip, br", method: str = "get") -> Any:
    return getattr(Client(), method)(path, headers={"Accept-Encoding": encoding})


def content(answer: Any) -> bytes:
    # The test client closes a file once it is read to its end.
    whole: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole


def test_a_digest_changes_with_a_name_and_with_a_byte_and_not_with_the_order() -> None:
    files = [("a.css", b"one"), ("b.css", b"two")]
    assert digest_of(files) == digest_of(files[::-1])
    assert digest_of(files) != digest_of([("a.css", b"onet"), ("b.css", b"wo")])
    assert digest_of(files) != digest_of([("a.css", b"one"), ("c.css", b"two")])


def test_a_page_names_files_by_digest_and_they_are_kept_for_ever() -> None:
    url = staticfiles_storage.url("css/tokens.css")
    answer = ask(url)
    assert url == f"/static/{staticfiles_storage.digest}/css/tokens.css"  # type: ignore[attr-defined]
    assert (answer.status_code, answer["Cache-Control"], answer["Content-Encoding"]) == (200, FOR_EVER, "gzip")
    assert (answer["Vary"], answer["X-Content-Type-Options"]) == ("Accept-Encoding", "nosniff")
    packed = content(answer)
    assert int(answer["Content-Length"]) == len(packed)
    assert gzip.decompress(packed) == STYLE.read_bytes()


@pytest.mark.parametrize("folder", ["", "0123456789ab/"])
def test_without_todays_digest_the_file_of_now_is_sent_for_a_short_time(folder: str) -> None:
    answer = ask(f"/static/{folder}css/tokens.css")
    assert (answer.status_code, answer["Cache-Control"]) == (200, SHORTLY)
    assert gzip.decompress(content(answer)) == STYLE.read_bytes()


@pytest.mark.parametrize("encoding", ["", "br", "gzip;q=0", "gzip;q=0.0, br"])
def test_who_can_not_unpack_gets_the_file_as_it_is(encoding: str) -> None:
    answer = ask(staticfiles_storage.url("css/tokens.css"), encoding)
    assert not answer.has_header("Content-Encoding")
    assert content(answer) == STYLE.read_bytes()


def test_a_browser_that_has_the_file_is_told_so() -> None:
    url = staticfiles_storage.url("css/tokens.css")
    first = ask(url)
    content(first)
    again = Client().get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert (again.status_code, content(again)) == (304, b"")


def test_a_head_is_that_of_the_file() -> None:
    answer = ask(staticfiles_storage.url("css/tokens.css"), method="head")
    assert (answer.status_code, int(answer["Content-Length"])) == (200, STYLE.stat().st_size)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_where_pages_are_sent_to_https_files_are_too() -> None:
    answer = ask("/static/css/tokens.css")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/static/css/tokens.css")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing.css", "../manage.py", "0123456789ab/css/tokens.css"])
def test_what_is_not_there_is_not_found(name: str) -> None:
    assert ask(f"/static/0123456789ab/{name}").status_code == 404


def test_collected_files_are_packed_and_have_a_digest_of_their_own(tmp_path: Path, settings: Any) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "long.css").write_text("a { color: red }\n" * 100)
    collected = {"staticfiles": {"BACKEND": "opinion_market.static_files.CollectedFiles"}}
    with override_settings(
        STATIC_ROOT=target,
        STATICFILES_DIRS=[source],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES=settings.STORAGES | collected,
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        digest = digest_of([("long.css", (source / "long.css").read_bytes())])
        assert json.loads((target / "staticfiles.json").read_text()) == {"digest": digest}
        assert gzip.decompress((target / "long.css.gz").read_bytes()) == (source / "long.css").read_bytes()
        assert staticfiles_storage.url("long.css") == f"/static/{digest}/long.css"
        request = _Request(f"/static/{digest}/long.css")
        answer = StaticFilesMiddleware(lambda _: None)(request)  # type: ignore[arg-type]
        assert (answer["Cache-Control"], answer["Content-Encoding"]) == (FOR_EVER, "gzip")
        answer.file_to_stream.close()


class _Request:
    """As much of a request as the files' part of the way reads."""

    method = "GET"

    def __init__(self, path: str) -> None:
        self.path_info = path
        self.META = {"HTTP_ACCEPT_ENCODING": "gzip"}
        self.headers = {"Accept-Encoding": "gzip"}
