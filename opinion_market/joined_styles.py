"""Several stylesheets in a row, which a page asks for at once: ``~/ONE~OTHER`` among the static files.

Contract   The parts come in the order of the name, which ``common.templatetags.styles`` writes. If one of them isn't
           there, neither is the whole.
Bound      40 parts, 256 kept wholes: pages of one kind ask for the same.
"""

import gzip
import re
from typing import Final

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

FOR_EVER: Final = "max-age=31536000, public, immutable"
_SHORTLY: Final = "max-age=60, public"
_PART: Final = r"[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)*"
_STYLE: Final = rf"(?:{_PART}/)*{_PART}\.css"
_NAME: Final = re.compile(rf"~/{_STYLE}(?:~{_STYLE}){{0,39}}")
_KEPT: Final = 256


def accepts_gzip(request: HttpRequest) -> bool:
    return re.search(r"\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))", request.headers.get("Accept-Encoding", "")) is not None


class JoinedStyles:
    """``is_kept`` says that files don't change while the process lives."""

    def __init__(self, *, is_kept: bool) -> None:
        self._is_kept = is_kept
        #: As they are and packed.
        self._wholes: dict[str, tuple[bytes, bytes]] = {}

    def answer(self, request: HttpRequest, name: str, *, is_now: bool) -> HttpResponse | None:
        """The whole of that name, to be kept for ever if ``is_now``; nothing if the name is another thing's."""
        if not _NAME.fullmatch(name) or (whole := self._whole(name)) is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        is_packed = accepts_gzip(request)
        answer = HttpResponse(whole[is_packed], content_type="text/css; charset=utf-8")
        answer["Cache-Control"] = FOR_EVER if is_now else _SHORTLY
        answer["Content-Length"] = str(len(whole[is_packed]))
        answer["X-Content-Type-Options"] = "nosniff"
        patch_vary_headers(answer, ["Accept-Encoding"])
        if is_packed:
            answer["Content-Encoding"] = "gzip"
        return answer

    def _whole(self, name: str) -> tuple[bytes, bytes] | None:
        if name in self._wholes:
            return self._wholes[name]
        parts = [staticfiles_storage.content(part) for part in name[2:].split("~")]  # type: ignore[attr-defined]
        if None in parts:
            return None
        joined = b"\n".join(parts)
        whole = joined, gzip.compress(joined, 9, mtime=0)
        if self._is_kept and len(self._wholes) < _KEPT:
            self._wholes[name] = whole
        return whole
