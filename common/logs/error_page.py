"""What Django's error report shows (the page with DEBUG, the mail without), with the secrets taken out."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from common.logs.redaction import GONE, clean_pair, clean_text, is_secret
from common.logs.request_secrets import request_secrets

#: What is printed with all that it holds.
_OPEN = (str, bytes, bytearray, Mapping, list, tuple, set, frozenset)


class RedactingFilter(SafeExceptionReporterFilter):
    cleansed_substitute = GONE

    def is_active(self, request: HttpRequest | None) -> bool:
        # Django hides nothing that was posted while DEBUG is on.
        return True

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        return GONE if isinstance(key, str) and is_secret(key) and value else super().cleanse_setting(key, value)

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        if request is None:
            return {}
        return {name: GONE if is_secret(name) else value for name, value in request.POST.items()}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        shown = super().get_traceback_frame_variables(request, tb_frame)
        secrets = request_secrets(request) if request is not None else []
        # Before they are printed: long texts come out in pieces, and half a secret isn't known for one.
        return [
            (name, clean_pair(name, value, secrets) if isinstance(value, _OPEN) or is_secret(name) else value)
            for name, value in shown
        ]


class RedactingReporter(ExceptionReporter):
    def get_traceback_html(self) -> Any:
        return clean_page(super().get_traceback_html(), self.request)

    def get_traceback_text(self) -> Any:
        return clean_page(super().get_traceback_text(), self.request)


def clean_page(page: str, request: HttpRequest | None) -> str:
    """Line by line, because a page is longer than a field may be."""
    secrets = request_secrets(request) if request is not None else []
    return "\n".join(clean_text(line, secrets) for line in page.split("\n"))
