"""What this app can refuse.

ReportInvalid          report.invalid            422   every field that can't be kept, each with its fix
ReportNotFound         report.not_found          404
DefinitionNotFound     report.definition_not_found 404
DefinitionNameTaken    report.name_taken         409
TooManyDefinitions     report.too_many           422
ReportNotAllowed       report.not_allowed        403   a metric that the role doesn't allow
ReportNotReady         report.not_ready          409   not made yet, or it failed
ReportKeyReused        report.key_reused         409   an Idempotency-Key that asked for another report
ReportTooLong          report.too_long           422   more rows or bytes than one report may have
"""

from common.errors import DomainError


class ReportInvalid(DomainError):
    code = "report.invalid"
    title = "The report can't be made like this."


class ReportNotFound(DomainError):
    code = "report.not_found"
    title = "There is no such report, or it isn't shared with you."
    status = 404


class DefinitionNotFound(DomainError):
    code = "report.definition_not_found"
    title = "There is no such report definition, or it isn't yours."
    status = 404


class DefinitionNameTaken(DomainError):
    code = "report.name_taken"
    title = "You have a report definition of this name."
    status = 409


class TooManyDefinitions(DomainError):
    code = "report.too_many"
    title = "You have enough report definitions."


class ReportNotAllowed(DomainError):
    code = "report.not_allowed"
    title = "Your role doesn't allow what the report shows."
    status = 403


class ReportNotReady(DomainError):
    code = "report.not_ready"
    title = "The report isn't ready."
    status = 409


class ReportKeyReused(DomainError):
    code = "report.key_reused"
    title = "This key belongs to another report."
    status = 409


class ReportTooLong(DomainError):
    code = "report.too_long"
    title = "The report would be too long."
