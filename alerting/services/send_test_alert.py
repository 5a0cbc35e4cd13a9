"""A real message through the real path, as if the rule had fired."""

from collections.abc import Sequence

from alerting.engine.channels.content import MessageContent
from alerting.selectors.channels import enabled_channels
from alerting.selectors.rules import engine_rule, rule_row
from alerting.services.send_test import SentTest, send_test
from common.audit import record_audit


def send_test_alert(*, rule_id: int, actor: str, actor_id: int, ip: str = "") -> Sequence[SentTest]:
    """To the rule's channels, or to the default ones where it names none.

    Raises: RuleNotFound, RuleInvalid
    """
    row = rule_row(rule_id)
    rule = engine_rule(row)
    content = MessageContent(
        title=f"Test: {rule.name}",
        text=f"{actor} sends a test of the rule {rule.name}. Nothing is wrong.",
        severity=rule.levels[-1].severity.name.lower(),
        facts=(("Rule", rule.name), ("Expression", rule.expression), ("Owner", rule.owner or "nobody")),
        type="alert.test",
    )
    names = list(row.channels) or [channel.name for channel in enabled_channels() if channel.is_default]
    sent = send_test(channels=names, content=content)
    record_audit(actor_id=actor_id, action="alerting.test_sent", target=row, after={"channels": names}, ip=ip)
    return sent
