"""What the admin pages of all apps share: bounded lists, read-only tables, actions that ask for a reason.

Contract   An action is offered only to whom ``open_actions`` offers it, and checked again when it is sent. It
           runs in one transaction with its audit record; a ``DomainError`` is shown and leaves nothing behind.
"""

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
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from common.errors import DomainError

ROWS_MAX: Final = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to ``ROWS_MAX``: counting a table of millions takes seconds, and nobody turns its pages."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return len(rows.order_by().values_list("pk")[:ROWS_MAX])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=2_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Kept with the record of the action.",
    )


@dataclass(frozen=True, slots=True)
class StaffAction:
    """``perform`` gets the request, the object and the valid form; it changes, records and returns what to say."""

    name: str
    label: str
    perform: Callable[[HttpRequest, Any, forms.Form], str]
    form: type[forms.Form] = ReasonForm
    is_dangerous: bool = False


class StaffAdmin(ModelAdmin):
    """The parent of every admin page of this product."""

    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    change_form_outer_before_template = "admin/_staff_actions.html"
    actions = None

    def open_actions(self, request: HttpRequest, target: Any) -> Sequence[StaffAction]:
        """What this person may do to ``target`` now."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.action_view)
        own = path("<int:pk>/do/<slug:name>/", view, name=f"{self._url_name}_do")
        return [own, *super().get_urls()]

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
        form.add_error(None, refusal.detail)
        return ""
