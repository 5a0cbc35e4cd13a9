"""Report definitions as their readers may see them."""

from django.db.models import Q, QuerySet

from analytics.reports.errors import DefinitionNotFound
from analytics.reports.models import ReportDefinition
from analytics.reports.selectors.access import Reader


def visible_definitions(reader: Reader) -> list[ReportDefinition]:
    """By name: their own, and those shared with a role of theirs; bounded by what people may own."""
    return [one for one in _among(reader).order_by("name", "pk")[:500] if reader.may_see(one.document)]


def access_definition(reader: Reader, definition_id: int) -> ReportDefinition:
    """Raises: DefinitionNotFound, for one that they may not see as well"""
    found = _among(reader).filter(pk=definition_id).first()
    if found is None or not reader.may_see(found.document):
        raise DefinitionNotFound("Look it up in the list of report definitions.")
    return found


def _among(reader: Reader) -> QuerySet[ReportDefinition]:
    theirs = Q(owner_id=reader.user_id) | Q(shared_with__overlap=list(reader.roles))
    return ReportDefinition.objects.filter(theirs).select_related("owner", "schedule")
