"""The tick of alerting: each second, and cheap when nothing is due."""

from celery import shared_task

from alerting.services import beat_heart as beating
from alerting.services import learn_from_alerts as learning
from alerting.services.evaluate_rules import evaluate_rules
from alerting.services.flush_groups import flush_groups
from alerting.services.lapse_acknowledgements import lapse_acknowledgements


@shared_task
def tick() -> int:
    """How many changes a round found, if one was due."""
    found = evaluate_rules()
    lapse_acknowledgements()
    flush_groups()
    return found.transitions if found else 0


@shared_task
def beat_heart() -> bool:
    return beating.beat_heart()


@shared_task
def learn_from_alerts() -> int:
    """How many thresholds are proposed."""
    return learning.learn_from_alerts()
