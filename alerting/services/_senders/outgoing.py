"""What a sender is given and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alerting.engine.channels.content import MessageContent


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt. ``key`` is the same for all attempts; ``reference`` is the thread's, if it has one already.

    ``progress`` are the recipients that an earlier attempt told; ``note`` remembers another one at once.
    """

    key: str
    config: Mapping[str, Any]
    content: MessageContent
    timeout_s: float
    recipient: str = ""
    user_id: int | None = None
    thread: str = ""
    reference: str = ""
    channel_name: str = ""
    progress: frozenset[str] = frozenset()
    note: Callable[[str], None] = field(default=lambda recipient: None)


@dataclass(frozen=True, slots=True)
class Sent:
    """``reference`` is what the thread is known by from now on; empty to keep what it was, None to forget it."""

    detail: str
    reference: str | None = ""
    code: int | None = None
    excerpt: str = ""


class SendFailed(Exception):
    """It did not get through. A permanent refusal isn't tried again. ``code`` and ``excerpt`` are of the answer."""

    def __init__(
        self,
        detail: str,
        *,
        is_permanent: bool = False,
        asked_s: float | None = None,
        code: int | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.is_permanent = is_permanent
        self.asked_s = asked_s
        self.code = code
        self.excerpt = excerpt


Sender = Callable[[Outgoing], Sent]
