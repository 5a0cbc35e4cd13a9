"""The socket of the bell: admits people, tells what is new, ends in time. What a client says is ignored."""

from accounts.selectors.admission import is_worth_a_look, owner_of
from accounts.types import Visitor
from alerting.realtime.bell_hub import Hub, admitted
from common.sockets.admitted import AdmittedConsumer
from common.sockets.newest import NewestClient


class BellConsumer(AdmittedConsumer[Hub]):
    message_max = 256
    is_worth_a_look = staticmethod(is_worth_a_look)
    admitted = staticmethod(admitted)
    owner_of = staticmethod(owner_of)

    def new_client(self) -> NewestClient:
        return NewestClient(Visitor(), self.tell)

    def join(self) -> Hub:
        return Hub.join(self.client)

    async def opened(self) -> None:
        await self.hub.greet(self.client)
