"""Styles, scripts and pictures of the pages: sent packed, and kept by browsers for as long as they are these.

Contract   ``{% static %}`` gives ``/static/DIGEST/NAME``; the digest is of all files together. What is asked for with
           today's digest may be kept for ever. With another one (a page that an older release made), or with none, the
           file of now is sent, to be asked for again soon.
Styles     ``/static/DIGEST/~/ONE~OTHER`` is several stylesheets in a row, which pages ask for at once
           (``common.templatetags.styles``).
Packing    gzip: by ``collectstatic`` beforehand, else at the first request of each process.
Why        Scripts import each other by relative addresses, which stay right inside a folder that is named by a digest
           and need no rewriting; nothing has to be built before ``make up``.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedStaticFilesStorage

from opinion_market.joined_styles import FOR_EVER, JoinedStyles, accepts_gzip

#: What the production's files are called by, written when they are collected.
COLLECTED: Final = "staticfiles.json"
_DIGEST: Final = re.compile(r"^(?P<root>.*/)(?P<digest>[0-9a-f]{12})/(?P<name>.+)$")
_PACKABLE: Final = ("text/", "image/svg", "application/json", "application/javascript")
#: Shorter files gain nothing.
_PACKED_FROM: Final = 500


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Twelve characters that change with any name and any byte; in whatever order the files come."""
    whole = hashlib.sha256()
    for name, content in sorted(files):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:12]


class SiteFiles(StaticFilesStorage):
    """Files where they are written, of this repository and of the libraries."""

    @cached_property
    def digest(self) -> str:
        return digest_of(self._found().items())

    def url(self, name: str | None) -> str:
        return str(super().url(f"{self.digest}/{name}" if name else name))

    def content(self, name: str) -> bytes | None:
        """What is in a file; nothing if there is none."""
        for finder in get_finders():
            if path := finder.find(name):
                return Path(path).read_bytes()
        return None

    def _found(self) -> dict[str, bytes]:
        """The first finder that has a file gives it."""
        found: dict[str, bytes] = {}
        for finder in get_finders():
            for path, storage in finder.list(["*.gz"]):
                if path not in found:
                    with storage.open(path) as file:
                        found[path] = file.read()
        return found


class CollectedFiles(CompressedStaticFilesStorage, SiteFiles):  # type: ignore[misc]
    """Files that ``collectstatic`` has brought together, packed and counted."""

    @cached_property
    def digest(self) -> str:
        with self.open(COLLECTED) as file:
            return str(json.load(file)["digest"])

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        yield from super().post_process(paths, dry_run=dry_run, **options)
        if not dry_run:
            digest = digest_of((name, self.content(name) or b"") for name in paths if not name.endswith(".gz"))
            self.delete(COLLECTED)
            self.save(COLLECTED, ContentFile(json.dumps({"digest": digest})))

    def content(self, name: str) -> bytes | None:
        if not self.exists(name):
            return None
        with self.open(name) as file:
            content: bytes = file.read()
        return content


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, by digest, packing what nobody has packed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._packed: dict[tuple[str, str], bytes] = {}
        self._styles = JoinedStyles(is_kept=not self.autorefresh)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path, digest = request.path_info, ""
        if path.startswith(self.static_prefix) and (named := _DIGEST.match(path)):
            path, digest = named["root"] + named["name"], named["digest"]
        is_now = bool(digest) and digest == staticfiles_storage.digest  # type: ignore[attr-defined]
        file = self.find_file(path) if self.autorefresh else self.files.get(path)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return self.get_response(request)  # type: ignore[no-any-return]
        if file is None:
            styles = self._styles.answer(request, path.removeprefix(self.static_prefix), is_now=is_now)
            return self.get_response(request) if styles is None else styles
        answer = self._pack(request, path, self.serve(file, request))
        answer["X-Content-Type-Options"] = "nosniff"
        if is_now:
            answer["Cache-Control"] = FOR_EVER
        return answer

    def _pack(self, request: HttpRequest, path: str, answer: Any) -> HttpResponseBase:
        """The same answer, packed if it may be and isn't."""
        is_text = answer.get("Content-Type", "").startswith(_PACKABLE)
        if not is_text or answer.has_header("Content-Encoding") or int(answer.get("Content-Length", 0)) < _PACKED_FROM:
            return answer  # type: ignore[no-any-return]
        patch_vary_headers(answer, ["Accept-Encoding"])
        if request.method != "GET" or answer.status_code != 200 or not accepts_gzip(request):
            return answer  # type: ignore[no-any-return]
        key = (path, answer["ETag"])
        # Closing the answer would tell everybody that the request is over.
        with answer.file_to_stream as file:
            if key not in self._packed:
                self._packed[key] = gzip.compress(file.read(), 9, mtime=0)
        packed = self._packed[key]
        changed = {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}
        return HttpResponse(packed, headers=dict(answer.items()) | changed)
