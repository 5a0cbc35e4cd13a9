"""The tree that says who is told of which alert, and how alerts are grouped for them.

Contract   An alert goes to the deepest nodes that match; children are tried in order, and the first that matches ends
           the search unless it says to go on. What a node doesn't say it has from its parent, hours excepted.
           The root matches everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from alerting.engine.labels import label_set, only
from alerting.engine.labels import text as labels_text
from alerting.engine.matchers import Matchers, matches
from alerting.engine.matchers import text as matchers_text
from alerting.errors import RoutingInvalid
from alerting.types import Hours, LabelSet

#: In ``group_by``: every label, so that each alert is a group of its own.
ALL: Final = "..."


@dataclass(frozen=True, slots=True)
class Branch:
    """A node as it is written; None is what the parent has."""

    receiver: str | None = None
    matchers: Matchers = ()
    group_by: tuple[str, ...] | None = None
    group_wait_s: float | None = None
    group_interval_s: float | None = None
    repeat_interval_s: float | None = None
    goes_on: bool = False
    mute_hours: tuple[Hours, ...] = ()
    active_hours: tuple[Hours, ...] = ()
    branches: "tuple[Branch, ...]" = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A node with everything that holds for it.

    ``key`` says what matched on the way and outlives a change of order; ``id`` is the node's place in the tree.
    """

    receiver: str
    key: str = "{}"
    id: str = ""
    matchers: Matchers = ()
    group_by: tuple[str, ...] = ()
    group_wait_s: float = 30.0
    group_interval_s: float = 300.0
    repeat_interval_s: float = 14_400.0
    goes_on: bool = False
    mute_hours: tuple[Hours, ...] = ()
    active_hours: tuple[Hours, ...] = ()
    routes: "tuple[Route, ...]" = ()


def routes_of(root: Branch) -> Route:
    """The tree with all that is inherited.

    Raises: RoutingInvalid
    """
    if root.receiver is None:
        raise RoutingInvalid("The first route names who is told when no other matches.", field="receiver")
    if root.matchers or root.mute_hours or root.active_hours:
        raise RoutingInvalid("The first route holds for every alert at any time.", field="matchers")
    return _resolved(root, Route(root.receiver, key=""), "")


def routes_for(route: Route, labels: LabelSet) -> list[Route]:
    """The nodes that an alert goes to, depth first; none when the node doesn't match."""
    if not matches(route.matchers, labels):
        return []
    found: list[Route] = []
    for child in route.routes:
        deeper = routes_for(child, labels)
        found += deeper
        if deeper and not child.goes_on:
            break
    return found or [route]


def all_routes(route: Route) -> Iterator[Route]:
    yield route
    for child in route.routes:
        yield from all_routes(child)


def group_labels(route: Route, labels: LabelSet) -> LabelSet:
    """What an alert's group is told apart by."""
    return label_set(labels) if ALL in route.group_by else only(labels, route.group_by)


def group_key(route: Route, labels: LabelSet) -> str:
    return f"{route.key}:{labels_text(group_labels(route, labels))}"


def _resolved(branch: Branch, parent: Route, place: str) -> Route:
    given = {
        "receiver": branch.receiver,
        "group_by": branch.group_by,
        "group_wait_s": branch.group_wait_s,
        "group_interval_s": branch.group_interval_s,
        "repeat_interval_s": branch.repeat_interval_s,
    }
    said = {name: value for name, value in given.items() if value is not None}
    if branch.group_interval_s == 0 or branch.repeat_interval_s == 0:
        raise RoutingInvalid("group_interval and repeat_interval are longer than 0.", field="group_interval")
    key = f"{parent.key}/{matchers_text(branch.matchers)}" if parent.key else matchers_text(branch.matchers)
    route = replace(
        parent,
        **said,  # type: ignore[arg-type]  # the names above are fields of these types
        key=key,
        id=place,
        matchers=branch.matchers,
        goes_on=branch.goes_on,
        mute_hours=branch.mute_hours,
        active_hours=branch.active_hours,
        routes=(),
    )
    children = tuple(_resolved(child, route, f"{place}/{number}") for number, child in enumerate(branch.branches))
    return replace(route, routes=children)
