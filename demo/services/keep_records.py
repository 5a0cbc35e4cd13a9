"""Count at once what the demo's past says of everybody's skill, so that boards and profiles begin full."""

from analytics.skill.services.backfill_profits import backfill_profits
from analytics.skill.services.fold_records import fold_records


def keep_records() -> None:
    """Bring the track records up to date, and the line of everybody's profit."""
    while fold_records():
        pass
    backfill_profits()
