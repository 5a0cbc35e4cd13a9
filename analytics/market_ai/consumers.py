"""The analytics socket: admits staff who watch the site, then only sends.

The client id in the address is the client's own word for itself; it tells nothing to anybody else.
"""

from accounts.selectors.admission import is_worth_a_look, owner_of
from accounts.types import Visitor
from analytics.market_ai.realtime.analytics_hub import AnalyticsHub, admitted
from common.sockets.admitted import AdmittedConsumer
from common.sockets.newest import NewestClient


class AnalyticsConsumer(AdmittedConsumer[AnalyticsHub]):
    # Nothing that is sent means anything; long messages cost something all the same.
    message_max = 1024
    is_worth_a_look = staticmethod(is_worth_a_look)
    admitted = staticmethod(admitted)
    owner_of = staticmethod(owner_of)

    def new_client(self) -> NewestClient:
        return NewestClient(Visitor(), self.tell)

    def join(self) -> AnalyticsHub:
        return AnalyticsHub.join(self.client)

    async def opened(self) -> None:
        self.hub.greet(self.client)
