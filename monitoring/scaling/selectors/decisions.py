"""What was decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from common.paging import Page, cut, decode_cursor
from monitoring.scaling.engine.guards import Change
from monitoring.scaling.models import Outcome, ScalingDecision

LIMIT_MAX: Final = 500
_KIND: Final = "scaling decisions"


def decisions(
    *,
    target: str = "",
    only_changes: bool = False,
    before: datetime | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[ScalingDecision]:
    """The newest first; only those older than ``before``.

    Raises: CursorInvalid
    """
    found = ScalingDecision.objects.select_related("target").order_by("-at", "-pk")
    if target:
        found = found.filter(target__name=target)
    if only_changes:
        found = found.exclude(outcome=Outcome.KEPT)
    if before is not None:
        found = found.filter(at__lt=before)
    if cursor is not None:
        moment, key = decode_cursor(_KIND, cursor, (str, int))
        at = datetime.fromisoformat(str(moment))
        # The first condition lets the index find the place; the second settles equal moments.
        found = found.filter(at__lte=at).exclude(at=at, pk__gte=key)
    limit = min(limit, LIMIT_MAX)
    return cut(list(found[: limit + 1]), limit=limit, kind=_KIND, keys=lambda one: (one.at.isoformat(), one.pk))


def last_decision(target_id: int) -> ScalingDecision | None:
    return ScalingDecision.objects.filter(target_id=target_id).order_by("-at", "-pk").first()


def last_decisions() -> list[ScalingDecision]:
    """The newest of each target."""
    found = ScalingDecision.objects.select_related("target").order_by("target_id", "-at", "-pk")
    return sorted(found.distinct("target_id"), key=lambda one: one.target.name)


def carried_out(target_id: int, *, since: datetime) -> tuple[Change, ...]:
    """Changes that were really made, oldest first."""
    found = ScalingDecision.objects.filter(target_id=target_id, at__gt=since, outcome=Outcome.APPLIED)
    rows = found.order_by("at", "pk").values_list("at", "before", "count", "policy", "effect")
    return tuple(Change(at.timestamp(), count - before, policy, effect) for at, before, count, policy, effect in rows)


def failures_since(target_id: int, since: datetime) -> list[datetime]:
    """When it could not be carried out, the newest first."""
    found = ScalingDecision.objects.filter(target_id=target_id, at__gt=since, outcome=Outcome.FAILED)
    return list(found.order_by("-at").values_list("at", flat=True))


def unmeasured(target_id: int, *, now: datetime, after: timedelta, until: timedelta) -> Sequence[ScalingDecision]:
    """Changes made long enough ago to show their effect, and not so long that something else would."""
    found = ScalingDecision.objects.filter(
        target_id=target_id, outcome=Outcome.APPLIED, effect=None, at__lte=now - after, at__gt=now - until
    )
    return list(found.exclude(metric_before=None))
