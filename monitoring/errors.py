"""What this app can refuse.

MetricsRefused   metrics.refused   403
"""

from common.errors import DomainError


class MetricsRefused(DomainError):
    code = "metrics.refused"
    title = "You may not read the metrics."
    status = 403
