"""What this app can refuse.

MetricsRefused   metrics.refused           403
HistoryInvalid   metrics.history_invalid   422   the field that can't be answered
DashboardInvalid   dashboard.invalid     422
DashboardNotFound  dashboard.not_found   404
DashboardNameTaken dashboard.name_taken  409
TooManyDashboards  dashboard.too_many    409
"""

from common.errors import DomainError


class MetricsRefused(DomainError):
    code = "metrics.refused"
    title = "You may not read the metrics."
    status = 403


class DashboardInvalid(DomainError):
    code = "dashboard.invalid"
    title = "The dashboard can't be kept like this."


class DashboardNotFound(DomainError):
    code = "dashboard.not_found"
    title = "There is no such dashboard."
    status = 404


class DashboardNameTaken(DomainError):
    code = "dashboard.name_taken"
    title = "You have a dashboard with this name."
    status = 409


class TooManyDashboards(DomainError):
    code = "dashboard.too_many"
    title = "You have too many dashboards."
    status = 409


class HistoryInvalid(DomainError):
    code = "metrics.history_invalid"
    title = "There is no history like this."
