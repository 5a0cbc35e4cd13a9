"""What the admin pages of all apps share: bounded lists, read-only tables, actions that ask for a reason.

Contract   An action is offered only to whom ``open_actions`` offers it, and checked again when it is sent. It
           runs in one transaction with its audit record; a ``DomainError`` is shown and leaves nothing behind.
           Done to many, each object has a transaction and a record of its own: what is refused is told beside it and
           keeps no other back.
Bound      ``MANY_MAX`` objects at once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from common.errors import DomainError
from common.problem_words import words_of
from common.staff_words import in_words, said_column

ROWS_MAX: Final = 10_000
MANY_MAX: Final = 100
_IDS: Final = re.compile(r"[0-9]{1,18}(,[0-9]{1,18})*", re.ASCII)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to ``ROWS_MAX``: counting a table of millions takes seconds, and nobody turns its pages."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return len(rows.order_by().values_list("pk")[:ROWS_MAX])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=2_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the record of the action."),
    )


@dataclass(frozen=True, slots=True)
class StaffAction:
    """``perform`` gets the request, the object and the valid form; it changes, records and returns what to say."""

    name: str
    label: "str | Promise"
    perform: Callable[[HttpRequest, Any, forms.Form], str]
    form: type[forms.Form] = ReasonForm
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """The ``StaffAction`` of this name, offered for many at once to whoever has ``permission``. It asks for no more
    than a reason."""

    name: str
    label: "str | Promise"
    permission: str
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Handled:
    """One of many: what it is, whether the action is or was possible, and what there is to say of it."""

    target: str
    url: str
    is_possible: bool
    words: str


class StaffAdmin(ModelAdmin):
    """The parent of every admin page of this product."""

    bulk_actions: Sequence[BulkAction] = ()
    #: Fields with what programs made, which is said in the reader's language; ``fields`` names all that is shown.
    said_fields: Sequence[str] = ()

    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    change_form_outer_before_template = "admin/_staff_actions.html"
    actions = None

    @cached_property
    def _said(self) -> dict[str, Callable[[Any], str]]:
        # Read late: the names of fields are told when every page is registered.
        return {name: said_column(self.opts.get_field(name)) for name in self.said_fields}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._said.get(name, name) for name in super().get_list_display(request)]

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> Sequence[Any]:
        names = super().get_fields(request, obj)
        return names if obj is None else [self._said.get(name, name) for name in names]

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> Sequence[Any]:
        return [*super().get_readonly_fields(request, obj), *self._said.values()]

    def open_actions(self, request: HttpRequest, target: Any) -> Sequence[StaffAction]:
        """What this person may do to ``target`` now."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.action_view)
        own = path("<int:pk>/do/<slug:name>/", view, name=f"{self._url_name}_do")
        many = path("many/<slug:name>/", self.admin_site.admin_view(self.many_view), name=f"{self._url_name}_many")
        return [own, many, *super().get_urls()]

    def state_of(self, target: Any) -> str:
        """What stands beside ``target`` before something is done to many."""
        return ""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those for many, each of which leads to a page that asks again."""
        return {
            bulk.name: (_leading_to(bulk.name), bulk.name, f"{bulk.label}…") for bulk in self._bulk_actions(request)
        }

    def _bulk_actions(self, request: HttpRequest) -> list[BulkAction]:
        return [bulk for bulk in self.bulk_actions if request.user.has_perm(bulk.permission)]

    def many_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Say what will happen to each and ask for a reason; then do it, and say what happened to each."""
        bulk = next((one for one in self._bulk_actions(request) if one.name == name), None)
        if bulk is None or not self.has_view_permission(request):
            raise PermissionDenied
        ids = _ids(request.GET.get("ids", ""))
        if not ids:
            raise Http404
        found = {target.pk: target for target in self.get_queryset(request).filter(pk__in=ids)}
        targets = [found[number] for number in ids if number in found]
        form = ReasonForm(request.POST if request.method == "POST" else None)
        is_done = form.is_bound and form.is_valid()
        handled = [self._handled(request, bulk, target, form if is_done else None) for target in targets]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("%(action)s: %(count)s selected") % {"action": bulk.label, "count": len(targets)},
            "opts": self.opts,
            "action": bulk,
            "form": form,
            "is_done": is_done,
            "handled": handled,
            "possible": sum(one.is_possible for one in handled),
            "back_url": reverse(f"admin:{self._url_name}_changelist"),
        }
        return render(request, "admin/staff_many.html", context, status=422 if form.errors else 200)

    def _handled(self, request: HttpRequest, bulk: BulkAction, target: Any, form: forms.Form | None) -> Handled:
        """Do it to one of many, or without a valid ``form`` say whether it is possible."""
        url = reverse(f"admin:{self._url_name}_change", args=[target.pk])
        action = next((one for one in self.open_actions(request, target) if one.name == bulk.name), None)
        if action is None:
            state = self.state_of(target)
            why = (
                gettext("Not possible now: it is %(state)s.") % {"state": state} if state else gettext("Not possible.")
            )
            return Handled(str(target), url, False, why)
        if form is None:
            return Handled(str(target), url, True, self.state_of(target))
        try:
            with transaction.atomic():
                return Handled(str(target), url, True, action.perform(request, target, form))
        except DomainError as refusal:
            return Handled(str(target), url, False, words_of(refusal))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read once for a page, which asks for it twice."""
        kept: dict[tuple[object, ...], Any] = request.__dict__.setdefault("staff_objects", {})
        key = (self.model, object_id, from_field)
        if key not in kept:
            kept[key] = super().get_object(request, object_id, from_field)
        return kept[key]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        target = self.get_object(request, object_id)
        offered = self.open_actions(request, target) if target is not None else ()
        links = [(action, reverse(f"admin:{self._url_name}_do", args=[object_id, action.name])) for action in offered]
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {"staff_actions": links, **(extra_context or {})}
        )
        return answer

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        for entry in getattr(answer, "context_data", {}).get("action_list", ()):
            entry.change_message = in_words(entry.change_message)
        return answer

    def action_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        target = self.get_object(request, str(pk))
        if target is None or not self.has_view_permission(request, target):
            raise Http404
        action = next((a for a in self.open_actions(request, target) if a.name == name), None)
        if action is None:
            raise PermissionDenied
        form = _form(action, request, target)
        if form.is_bound and form.is_valid() and (words := _perform(action, request, target, form)):
            messages.success(request, words)
            return redirect(f"admin:{self._url_name}_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{action.label}: {target}",
            "opts": self.opts,
            "action": action,
            "form": form,
            "back_url": reverse(f"admin:{self._url_name}_change", args=[pk]),
        }
        return render(request, "admin/staff_action.html", context, status=422 if form.is_bound else 200)

    @property
    def _url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"


class ReadOnlyAdmin(StaffAdmin):
    """A table that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _leading_to(name: str) -> Callable[[StaffAdmin, HttpRequest, "QuerySet[Model]"], HttpResponse]:
    def lead(page: StaffAdmin, request: HttpRequest, chosen: "QuerySet[Model]") -> HttpResponse:
        ids = list(chosen.values_list("pk", flat=True)[: MANY_MAX + 1])
        if len(ids) > MANY_MAX:
            messages.error(request, gettext("Choose at most %(count)s at once.") % {"count": MANY_MAX})
            return redirect(request.get_full_path())
        many = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_many", args=[name])
        return redirect(f"{many}?ids={','.join(map(str, ids))}")

    return lead


def _ids(text: str) -> list[int]:
    """Up to ``MANY_MAX`` numbers, each once; none of a mangled address."""
    numbers = list(dict.fromkeys(int(part) for part in text.split(","))) if _IDS.fullmatch(text) else []
    return numbers if len(numbers) <= MANY_MAX else []


def _form(action: StaffAction, request: HttpRequest, target: Any) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    wants_target = getattr(action.form, "takes_target", False)
    return action.form(data, target=target) if wants_target else action.form(data)  # type: ignore[call-arg]


def _perform(action: StaffAction, request: HttpRequest, target: Any, form: forms.Form) -> str:
    """What to say, or nothing when the action was refused."""
    try:
        with transaction.atomic():
            return action.perform(request, target, form)
    except DomainError as refusal:
        form.add_error(None, words_of(refusal))
        return ""
