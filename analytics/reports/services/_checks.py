"""What a definition must be before it is kept or made."""

from datetime import date

from accounts.selectors.people import has_permission
from analytics.reports.engine.definitions import TITLE_MAX, faults_of, permissions_of
from analytics.reports.errors import ReportInvalid, ReportNotAllowed
from analytics.reports.selectors.access import MAKE
from analytics.reports.selectors.figures import catalogue
from analytics.reports.types import Definition
from common.errors import FieldError
from common.text import clean_text


def check_definition(definition: Definition, *, owner_id: int, today: date) -> None:
    """Raises: ReportInvalid, naming every wrong field; ReportNotAllowed"""
    known = catalogue()
    faults = [FieldError(*fault) for fault in faults_of(definition, known, today=today)]
    if (fault := _title_fault(definition.title)) is not None:
        faults.insert(0, fault)
    if faults:
        raise ReportInvalid(f"{faults[0].pointer}: {faults[0].detail}", errors=tuple(faults[:20]))
    for permission in sorted({MAKE, *permissions_of(definition, known)}):
        if not has_permission(owner_id, permission):
            raise ReportNotAllowed("Ask staff for a role that may make such reports.", extra={"permission": permission})


def _title_fault(title: str) -> FieldError | None:
    try:
        clean_text(title, length_min=1, length_max=TITLE_MAX)
    except ValueError as problem:
        return FieldError("/title", "report.title", f"The title {problem}.")
    return None
