"""What this product can refuse.

MetricUnknown      business.metric_unknown      404
QuestionInvalid    business.question_invalid    400   a range, grain, dimension or filter that can't be
"""

from common.errors import DomainError


class MetricUnknown(DomainError):
    code = "business.metric_unknown"
    title = "There is no such metric."
    status = 404


class QuestionInvalid(DomainError):
    code = "business.question_invalid"
    title = "The figures can't be asked for like this."
    status = 400
