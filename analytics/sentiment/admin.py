"""Feeds, for staff to configure; articles with the markets they are about, to read."""

from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from unfold.admin import TabularInline

from analytics.sentiment.models import Article, ArticleLink, Feed
from analytics.sentiment.services.save_feed import INTERVAL_S_MAX, INTERVAL_S_MIN, FeedSpec, fetch_soon, save_feed
from common.client_ip import client_ip
from common.outgoing.client import check_address
from common.outgoing.errors import OutgoingRefused
from common.problem_words import words_of
from common.staff_pages import ReadOnlyAdmin, StaffAction, StaffAdmin


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Feed
        fields = ["name", "url", "is_on", "interval_s"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            check_address(url)
        except OutgoingRefused as refusal:
            raise forms.ValidationError(words_of(refusal)) from refusal
        return url

    def clean_interval_s(self) -> int:
        seconds = int(self.cleaned_data["interval_s"])
        if not INTERVAL_S_MIN <= seconds <= INTERVAL_S_MAX:
            raise forms.ValidationError(
                gettext("Give %(low)s to %(high)s seconds.") % {"low": INTERVAL_S_MIN, "high": INTERVAL_S_MAX}
            )
        return seconds

    def spec(self) -> FeedSpec:
        return FeedSpec(**{name: self.cleaned_data[name] for name in self.Meta.fields})


def _fetch(request: HttpRequest, feed: Feed, form: forms.Form) -> str:
    reason = str(form.cleaned_data["reason"])
    fetch_soon(actor_id=cast("int", request.user.pk), feed_id=feed.pk, reason=reason, ip=client_ip(request))
    return gettext("The feed is fetched within half a minute.")


FETCH: Final = StaffAction("fetch", gettext_lazy("Fetch now"), _fetch)


@admin.register(Feed)
class FeedAdmin(StaffAdmin):
    """``error`` says why the last fetch brought nothing."""

    form = FeedForm
    list_display = ["name", "is_on", "articles", "succeeded_at", "failures", "error", "due_at"]
    list_filter = ["is_on"]
    said_fields = ["error"]
    readonly_fields = ["articles", "fetched_at", "succeeded_at", "due_at", "failures"]

    def get_fields(self, request: HttpRequest, obj: Feed | None = None) -> Sequence[Any]:
        return [*FeedForm.Meta.fields, *(self.get_readonly_fields(request, obj) if obj else ())]

    def open_actions(self, request: HttpRequest, target: Feed) -> Sequence[StaffAction]:
        return [FETCH] if target.is_on and request.user.has_perm("sentiment.change_feed") else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its articles are what models were trained on; switch it off instead.
        return False

    def save_model(self, request: HttpRequest, obj: Feed, form: Any, change: bool) -> None:
        feed_id = obj.pk if change else None
        saved = save_feed(actor_id=request.user.pk, spec=form.spec(), feed_id=feed_id, ip=client_ip(request))
        obj.pk = saved.pk
        obj._state.adding = False


class LinkInline(TabularInline):
    model = ArticleLink
    fields = ["market", "overlap", "score", "known_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    list_display = ["title", "feed", "published_at", "score"]
    list_select_related = ["feed"]
    list_filter = ["feed"]
    fields = ["title", "feed", "summary", "url", "published_at", "fetched_at", "score", "lexicon"]
    readonly_fields = fields
    inlines = [LinkInline]
