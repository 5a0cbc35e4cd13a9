"""Appearance, language and time zone: a page of the settings, and the switch in the footer of every page."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.services.choose_reading import choose_reading
from accounts.web.reader import LANGUAGE_COOKIE, ZONE_COOKIE, remember
from common import languages

THEME_COOKIE: Final = "theme"
_THEMES: Final = [("", gettext_lazy("As the device")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))]


class ReadingForm(forms.Form):
    theme = forms.ChoiceField(label=gettext_lazy("Appearance"), choices=_THEMES, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("All times on pages are of this zone. The API tells UTC."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_browser = ("", gettext("As the browser"))
        self.fields["language"].choices = [as_browser, *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            as_browser,
            *((name, name.replace("_", " ")) for name in languages.zone_names()),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reading_page(request: HttpRequest) -> HttpResponse:
    """Of anybody: a stranger's choices live in cookies alone."""
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=_current(request))
    if not form.is_bound or not form.is_valid():
        return render(request, "accounts/reading.html", {"form": form}, status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    if isinstance(request.user, User):
        choose_reading(user=request.user, language=chosen["language"], time_zone=chosen["time_zone"])
    with translation.override(chosen["language"] or translation.get_language()):
        messages.success(request, gettext("Saved."))
    response = redirect("accounts:reading")
    for cookie, name in ((LANGUAGE_COOKIE, "language"), (ZONE_COOKIE, "time_zone"), (THEME_COOKIE, "theme")):
        remember(response, cookie, chosen[name])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose_language(request: HttpRequest) -> HttpResponse:
    """The switch of the footer: a link for strangers, a form (which is kept with the person) for who is signed in."""
    given = request.POST if request.method == "POST" else request.GET
    response = redirect(_back(request, given.get("next", "")))
    language = given.get("language", "")
    if languages.is_language(language):
        if request.method == "POST" and isinstance(request.user, User):
            choose_reading(user=request.user, language=language)
        remember(response, LANGUAGE_COOKIE, language)
    return response


def _back(request: HttpRequest, address: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else "/"


def _current(request: HttpRequest) -> dict[str, str]:
    if isinstance(request.user, User):
        kept = {"language": request.user.language, "time_zone": request.user.time_zone}
    else:
        cookies = request.COOKIES
        kept = {"language": cookies.get(LANGUAGE_COOKIE, ""), "time_zone": cookies.get(ZONE_COOKIE, "")}
    return {**kept, "theme": request.COOKIES.get(THEME_COOKIE, "")}
