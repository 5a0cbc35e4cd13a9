from monitoring.optimizer.models.recommendation import Recommendation
from monitoring.optimizer.models.state import Cycle, OptimizerSwitch, ProbePoint, Tunable, UsualValue

__all__ = ["Cycle", "OptimizerSwitch", "ProbePoint", "Recommendation", "Tunable", "UsualValue"]
