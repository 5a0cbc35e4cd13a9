"""All checks over one run."""

from collections import Counter

from scripts.storm.checker.answers import check_answers
from scripts.storm.checker.availability import check_availability
from scripts.storm.checker.evidence import Evidence
from scripts.storm.checker.findings import Findings
from scripts.storm.checker.ledger import check_ledger
from scripts.storm.checker.replays import check_replays


def check(evidence: Evidence) -> Findings:
    """Every mistake of the run, and its figures."""
    findings = Findings()
    _count(evidence, findings)
    check_answers(evidence, findings)
    replays = check_replays(evidence, findings)
    check_ledger(evidence, replays, findings)
    check_availability(evidence, findings)
    findings.expect(evidence.run.get("invariants", 0) == 0, "invariants", "manage.py check_invariants found mistakes")
    return findings


def _count(evidence: Evidence, findings: Findings) -> None:
    commands = evidence.commands.values()
    asked = Counter(command.what for command in commands)
    accepted = Counter(command.what for command in commands if command.is_accepted)
    findings.counts.update(
        {
            "markets": len(evidence.markets),
            "commands_sent": len(commands),
            "orders_acknowledged": accepted["place"],
            "cancels_acknowledged": accepted["cancel"],
            "sets_acknowledged": accepted["mint"] + accepted["merge"],
            "steps_acknowledged": sum(accepted[what] for what in ("halt", "resume", "close", "propose", "confirm")),
            "keys_with_another_order": asked["reuse"],
            "answers_repeated": sum(reply.is_replay for command in commands for reply in command.replies),
            "outcomes_unknown_at_first": sum(command.was_unknown for command in commands),
            "journal_records": len(evidence.events),
            "trades": len(evidence.trades),
            "ledger_entries": len(evidence.entries),
            "markets_settled": sum(event["kind"] == "settled" for event in evidence.events),
            "faults": len(evidence.faults),
            "kills": sum(fault["kills"] for fault in evidence.faults),
        }
    )
