"""Pages of report definitions: the list, the builder, one of them with its history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics.reports.engine.definitions import definition_from
from analytics.reports.models import ReportDefinition
from analytics.reports.selectors.access import MAKE, VIEW, Reader
from analytics.reports.selectors.definitions import access_definition, visible_definitions
from analytics.reports.selectors.reports import visible_reports
from analytics.reports.services.delete_definition import delete_definition
from analytics.reports.services.order_report import order_report
from analytics.reports.services.save_definition import save_definition
from analytics.reports.web.access import for_readers
from analytics.reports.web.context import DefinitionCard, builder_data, figure_groups, recipients_of, rows_of
from analytics.reports.web.forms import BuilderForm, initial_of, zones
from common.client_ip import client_ip
from common.errors import DomainError
from common.paging import CursorInvalid
from common.problem_words import words_of

_SHOWN = 25


@require_safe
@for_readers(VIEW)
def report_list(request: HttpRequest, reader: Reader) -> HttpResponse:
    cards = [DefinitionCard(row, row.owner_id == reader.user_id) for row in visible_definitions(reader)]
    page = visible_reports(reader, limit=_SHOWN)
    context = {"cards": cards, "rows": rows_of(page.items, reader.user_id), "can_make": request.user.has_perm(MAKE)}
    return render(request, "analytics/reports/list.html", context | _live(""))


@require_safe
@for_readers(VIEW)
def report_detail(request: HttpRequest, reader: Reader, definition_id: str) -> HttpResponse:
    row = access_definition(reader, int(definition_id))
    cursor = request.GET.get("cursor")
    try:
        page = visible_reports(reader, definition_id=row.pk, limit=_SHOWN, cursor=cursor)
    except CursorInvalid:
        return redirect("reports:detail", row.pk)
    context = {
        "card": DefinitionCard(row, row.owner_id == reader.user_id),
        "definition": definition_from(row.document),
        "recipients": recipients_of(row),
        "rows": rows_of(page.items, reader.user_id),
        "next_cursor": page.next_cursor,
        "can_make": request.user.has_perm(MAKE),
    }
    return render(request, "analytics/reports/detail.html", context | _live("" if cursor else str(row.pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers(MAKE)
def report_new(request: HttpRequest, reader: Reader) -> HttpResponse:
    return _build(request, reader, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers(MAKE)
def report_edit(request: HttpRequest, reader: Reader, definition_id: str) -> HttpResponse:
    row = access_definition(reader, int(definition_id))
    if row.owner_id != reader.user_id:
        messages.error(request, "Only its owner changes a report. Make one of your own like it.")
        return redirect("reports:detail", row.pk)
    return _build(request, reader, row)


@require_POST
@for_readers(MAKE)
def report_make(request: HttpRequest, reader: Reader, definition_id: str) -> HttpResponse:
    row = access_definition(reader, int(definition_id))
    try:
        made = order_report(owner_id=reader.user_id, definition=definition_from(row.document), definition_id=row.pk)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("reports:detail", row.pk)
    return redirect("reports:made", made.pk)


@require_POST
@for_readers(MAKE)
def report_delete(request: HttpRequest, reader: Reader, definition_id: str) -> HttpResponse:
    gone = delete_definition(actor_id=reader.user_id, definition_id=int(definition_id), ip=client_ip(request))
    messages.success(request, f"“{gone.name}” is deleted, with its schedule. What was made of it stays in the list.")
    return redirect("reports:list")


def _build(request: HttpRequest, reader: Reader, row: ReportDefinition | None) -> HttpResponse:
    """The builder; sent, it makes a report once or keeps the definition."""
    initial = {} if row is None else initial_of(row) | {"recipients": ", ".join(recipients_of(row))}
    form = BuilderForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            return _make_once(form, reader) if "once" in request.POST else _keep(request, form, reader, row)
        except DomainError as refusal:
            form.tell(refusal)
    context = {"form": form, "row": row, "groups": figure_groups(form), "zones": zones(), "data": builder_data()}
    return render(request, "analytics/reports/builder.html", context, status=422 if form.is_bound else 200)


def _make_once(form: BuilderForm, reader: Reader) -> HttpResponse:
    return redirect("reports:made", order_report(owner_id=reader.user_id, definition=form.definition()).pk)


def _keep(request: HttpRequest, form: BuilderForm, reader: Reader, row: ReportDefinition | None) -> HttpResponse:
    kept = save_definition(
        actor_id=reader.user_id,
        definition=form.definition(),
        shared_with=form.cleaned_data["shared_with"],
        schedule=form.schedule(),
        definition_id=None if row is None else row.pk,
        ip=client_ip(request),
    )
    messages.success(request, f"“{kept.name}” is kept.")
    return redirect("reports:detail", kept.pk)


def _live(definition_id: str) -> dict[str, str]:
    """What the page asks for again while something is being made."""
    return {"live_query": f"?definition={definition_id}" if definition_id else ""}
