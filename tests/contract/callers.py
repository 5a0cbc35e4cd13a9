"""The site as the document's examples find it, and who asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import Group
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from schemathesis.core.parameters import ParameterLocation

from accounts.types import Role
from tests.conftest import forget_process
from tests.factories.accounts import make_alice, make_bob, make_dave
from tests.trading.api.conftest import Api, api_of
from tests.trading.api.documented import keep_dashboard, keep_market, prepare
from trading.services.open_account import open_account

SCOPES: Final = ("read", "trade", "market", "report", "operate", "admin")


@dataclass
class Callers:
    """``headers`` by caller. What the examples speak of is the trader's or, of staff, the administrator's."""

    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    prepared: set[str] = field(default_factory=set)

    def prepare(self, case: Any) -> None:
        """Bring the site to where the operation's examples begin, and mostly ask of what is there."""
        operation_id = case.operation.definition.raw["operationId"]
        if operation_id not in self.prepared:
            self.prepared.add(operation_id)
            self._keep(operation_id)
        if case.path_parameters and not _is_about_the_path(case):
            case.path_parameters = {**case.path_parameters, **_examples_of_path(case)}

    def _keep(self, operation_id: str) -> None:
        alice, bob, dave = (make() for make in (make_alice, make_bob, make_dave))
        for user in (alice, bob, dave):
            open_account(user.pk)
        dave.groups.add(Group.objects.get(name=Role.ADMIN))
        trader, admin = api_of(alice, "read", "trade"), api_of(dave, *SCOPES)
        keep_market(trader, api_of(bob, "read", "trade"))
        prepare(operation_id)
        keep_dashboard(admin)
        self.headers = {"nobody": {}, "trader": _bearer(trader), "admin": _bearer(admin)}

    @staticmethod
    @contextmanager
    def taken_back() -> Iterator[None]:
        """What is done inside is undone, durable blocks included: to them it is no block, like the test's own."""
        block: Any = transaction.atomic()
        block._from_testcase = True
        with block, _one_connection():
            yield
            transaction.set_rollback(True)
        forget_process()


@contextmanager
def _one_connection() -> Iterator[None]:
    """A request doesn't end the connection that the test is on; Django's own client sees to that by itself."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _bearer(api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.secret}"}


def _is_about_the_path(case: Any) -> bool:
    data = case.meta.phase.data
    return case.meta.is_negative_at(ParameterLocation.PATH) or data.parameter_location is ParameterLocation.PATH


def _examples_of_path(case: Any) -> dict[str, Any]:
    return {
        one["name"]: next(iter(one["examples"].values()))["value"]
        for one in case.operation.definition.raw["parameters"]
        if one["in"] == "path" and "examples" in one
    }
