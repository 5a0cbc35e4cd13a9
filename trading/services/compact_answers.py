"""Which form the answers to orders are kept in.

Reason     Versions before 0.2 read an answer as the document that was told. Beside their programs, and as long as going
           back to them shall stay possible, answers are kept so; a site that never ran them needn't wait.
"""

from common import clock
from common.flags.declared import COMPACT_ANSWERS
from common.models import Flag
from trading.models import Submission


def compact_answers_of_new_site() -> None:
    """Switch the flag on where nothing was ever answered and nobody has switched it."""
    if not Submission.objects.exists():
        Flag.objects.filter(name=COMPACT_ANSWERS.name, is_on=None).update(is_on=True, changed_at=clock.now())
