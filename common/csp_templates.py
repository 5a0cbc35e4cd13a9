"""Template files as they are read: each script and stylesheet tag gets ``{% csp_nonce %}``, its ``nonce="..."``.

Contract   What a template file itself says is trusted, ours and the libraries' alike; what it shows isn't touched.
           A tag that has a nonce keeps it; blocks of data (JSON) need none. Tags made in Python (form media) have none.
Why        Written into each tag by hand, one that is forgotten breaks a page, and libraries' templates can't have it.
"""

import re
from typing import Any, Final

from django.template.loaders import app_directories, filesystem

_TAG: Final = re.compile(
    r"<(?P<tag>script|style|link(?=[^<>]*\brel=[\"']?(?:stylesheet|modulepreload|preload)\b))(?=[\s>])"
    r"(?![^<>]*(?:\bnonce=|\btype=[\"']application/(?:ld\+)?json))",
    re.IGNORECASE,
)


def with_nonces(text: str) -> str:
    return _TAG.sub(r"<\g<tag>{% csp_nonce %}", text)


def _read(text: str, origin: Any) -> str:
    return with_nonces(text) if str(origin.template_name).endswith(".html") else text


class ProjectLoader(filesystem.Loader):
    def get_contents(self, origin: Any) -> str:
        return _read(super().get_contents(origin), origin)


class AppsLoader(app_directories.Loader):
    def get_contents(self, origin: Any) -> str:
        return _read(super().get_contents(origin), origin)
