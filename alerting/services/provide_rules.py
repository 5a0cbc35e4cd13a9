"""The rules that the product brings, and the settings that go with them."""

from alerting.engine.defaults import INHIBITIONS, RULES
from alerting.engine.documents import document_of, rule_of
from alerting.models import AlertRule, Inhibition
from common import clock


def provide_rules() -> int:
    """Make those that have never been here; what somebody changed or deleted stays so.

    Returns: how many are new
    """
    now, known = clock.now(), set(AlertRule.objects.exclude(default=None).values_list("default", flat=True))
    taken = {name.lower() for name in AlertRule.objects.values_list("name", flat=True)}
    rows = []
    for one in RULES:
        document = document_of(rule_of(one.document))
        name = document.pop("name")
        if one.key not in known and name.lower() not in taken:
            rows.append(
                AlertRule(
                    name=name, category=one.category, document=document, default=one.key, created_at=now, updated_at=now
                )
            )
    AlertRule.objects.bulk_create(rows)
    if not known:
        Inhibition.objects.bulk_create(
            [
                Inhibition(name=name, source=source, target=target, equal=equal)
                for name, source, target, equal in INHIBITIONS
            ],
            ignore_conflicts=True,
        )
    return len(rows)
