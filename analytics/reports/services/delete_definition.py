"""Throw a report definition away, with its schedule; reports made of it stay with their owner."""

from django.db import transaction

from analytics.reports.errors import DefinitionNotFound
from analytics.reports.models import ReportDefinition
from common.audit import record_audit


def delete_definition(*, actor_id: int, definition_id: int, ip: str = "") -> ReportDefinition:
    """What it was.

    Raises: DefinitionNotFound
    """
    with transaction.atomic():
        own = ReportDefinition.objects.select_for_update().filter(owner_id=actor_id, pk=definition_id)
        found = own.select_related("owner").first()
        if found is None:
            raise DefinitionNotFound(f"There is no report definition {definition_id} of yours.")
        before = {"document": found.document, "shared_with": found.shared_with}
        record_audit(actor_id=actor_id, action="reports.definition_deleted", target=found, before=before, ip=ip)
        found.delete()
        found.pk = definition_id
    return found
