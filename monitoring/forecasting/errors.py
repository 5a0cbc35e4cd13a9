"""What this app can refuse.

AnomalyNotFound  anomaly.not_found           404
TooManyMetrics   analytics.too_many_metrics  409   no room for another name
"""

from common.errors import DomainError


class AnomalyNotFound(DomainError):
    code = "anomaly.not_found"
    title = "There is no such anomaly."
    status = 404


class TooManyMetrics(DomainError):
    code = "analytics.too_many_metrics"
    title = "Too many metrics are sent."
    status = 409
