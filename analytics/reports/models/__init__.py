from analytics.reports.models.definition import ReportDefinition, ReportSchedule
from analytics.reports.models.report import Report, ReportDelivery, ReportResult

__all__ = ["Report", "ReportDefinition", "ReportDelivery", "ReportResult", "ReportSchedule"]
