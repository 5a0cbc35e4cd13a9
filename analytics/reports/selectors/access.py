"""Who may see what.

Contract   A report is for whoever made it, for the owner of its definition, and for readers with a role that the
           definition is shared with; all of them only as long as their role allows every metric it shows. To anybody
           else it doesn't exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.selectors.people import held_permissions, roles_of
from analytics.reports.engine.definitions import definition_from, permissions_of
from analytics.reports.selectors.figures import catalogue

VIEW: Final = "reports.view_report"
MAKE: Final = "reports.make_report"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks at reports, with what was asked of the database about them so far."""

    user_id: int
    roles: frozenset[str]
    allowed: Mapping[str, bool]

    def may_see(self, document: Mapping[str, Any]) -> bool:
        """Whether their role allows every metric of a definition's ``document``."""
        return all(self.allowed[name] for name in (VIEW, *permissions_of(definition_from(document), catalogue())))

    def is_among(self, owner_id: int, shared_with: list[str]) -> bool:
        """Whether they own it or have one of the roles."""
        return owner_id == self.user_id or not self.roles.isdisjoint(shared_with)


def reader(user_id: int) -> Reader:
    """Nobody in particular when the account isn't active: they may see nothing."""
    names = {VIEW, *(figure.permission for figure in catalogue().values())}
    return Reader(user_id, roles_of(user_id), held_permissions(user_id, names))
