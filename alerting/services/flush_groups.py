"""Tell what groups have to tell at their next look, between the rounds."""

from typing import Final

from django.db import transaction

from alerting.models import AlertGroup
from alerting.selectors.moments import moment
from alerting.selectors.routing import current_routing
from alerting.selectors.rules import all_rules
from alerting.selectors.switch import current_settings
from alerting.services._flushing import BATCH, flush_due
from common import clock

_BATCHES: Final = 20


def flush_groups() -> int:
    """Returns: how many groups were looked at"""
    settings, looked = current_settings(), 0
    if not settings.is_on:
        return 0
    for _ in range(_BATCHES):
        now = clock.now().timestamp()
        if not AlertGroup.objects.filter(next_at__lte=moment(now)).exists():
            break
        with transaction.atomic():
            found = flush_due(current_routing(settings, all_rules()), now)
        looked += found
        if found < BATCH:
            break
    return looked
