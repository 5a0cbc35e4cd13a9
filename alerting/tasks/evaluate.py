"""The tick of alerting: each second, and cheap when nothing is due."""

from celery import shared_task

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
