"""Facts about what was found."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AnomalyFound:
    anomaly_id: int
    name: str
    at: datetime
    severity: float
