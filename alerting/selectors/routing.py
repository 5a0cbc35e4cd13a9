"""Who is told of what, put together from rules, routes and channels.

A rule that names channels has a route of its own, before the others; what no route takes goes to the channels that
are the default.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from alerting.engine.dispatch import Channel, Routing
from alerting.engine.documents import hours_of
from alerting.engine.hours import is_within
from alerting.engine.inhibition import Inhibition
from alerting.engine.matchers import Matcher, Op, read_matchers
from alerting.engine.routing import Branch, routes_of
from alerting.engine.silences import Silence
from alerting.models import AlertRoute, AlertRule, MuteTime
from alerting.models import Channel as ChannelRow
from alerting.models import Inhibition as InhibitionRow
from alerting.models import Silence as SilenceRow
from alerting.selectors.moments import epoch, moment
from alerting.selectors.switch import Settings
from alerting.types import ALERT_NAME

INCIDENT: Final = "incident"
DEFAULT: Final = "default"
#: A worse alert of an incident is told at once, the others with the group.
_GROUP_BY: Final = (INCIDENT, "severity")


def current_routing(settings: Settings, rules: Iterable[AlertRule]) -> Routing:
    channels = {row.name: row for row in ChannelRow.objects.filter(is_enabled=True).order_by("name")}
    receivers = {DEFAULT: _channels([row for row in channels.values() if row.is_default])}
    branches: list[Branch] = []
    for rule in rules:
        if rule.channels:
            receiver = f"rule:{rule.name}"
            receivers[receiver] = _channels([channels[name] for name in rule.channels if name in channels])
            branches.append(Branch(receiver, (Matcher(ALERT_NAME, Op.EQ, rule.name),)))
    for route in AlertRoute.objects.prefetch_related("mute_times"):
        receivers[f"route:{route.name}"] = _channels([channels[name] for name in route.channels if name in channels])
        branches.append(_branch(route))
    root = Branch(
        DEFAULT,
        group_by=_GROUP_BY,
        group_wait_s=settings.group_wait_s,
        group_interval_s=settings.group_interval_s,
        repeat_interval_s=settings.repeat_interval_s,
        branches=tuple(branches),
    )
    return Routing(routes_of(root), receivers, current_inhibitions())


def current_inhibitions() -> tuple[Inhibition, ...]:
    rows = InhibitionRow.objects.all()
    return tuple(Inhibition(read_matchers(row.source), read_matchers(row.target), tuple(row.equal)) for row in rows)


def current_silences(now: float) -> dict[str, Silence]:
    """Those that hold or will; a mute time with matchers silences them while it is within its hours."""
    rows = SilenceRow.objects.filter(ends_at__gt=moment(now))
    found = {str(row.pk): silence_of(row) for row in rows}
    for mute in MuteTime.objects.filter(is_enabled=True).exclude(matchers=""):
        if is_within(hours_of(mute.hours), now):
            found[f"mute:{mute.name}"] = Silence(f"mute:{mute.name}", read_matchers(mute.matchers), now, now + 1, now)
    return found


def silence_of(row: SilenceRow) -> Silence:
    return Silence(
        str(row.pk),
        read_matchers(row.matchers),
        epoch(row.starts_at),
        epoch(row.ends_at),
        epoch(row.updated_at),
        row.author,
        row.comment,
    )


def _channels(rows: Sequence[ChannelRow]) -> tuple[Channel, ...]:
    return tuple(Channel(row.name, row.sends_resolved) for row in rows)


def _branch(route: AlertRoute) -> Branch:
    return Branch(
        f"route:{route.name}",
        read_matchers(route.matchers),
        group_by=None if route.group_by is None else tuple(route.group_by),
        group_wait_s=route.group_wait_s,
        group_interval_s=route.group_interval_s,
        repeat_interval_s=route.repeat_interval_s,
        goes_on=route.goes_on,
        mute_hours=tuple(hours_of(one.hours) for one in route.mute_times.all() if one.is_enabled),
    )
