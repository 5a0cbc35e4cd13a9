"""What clients send and are answered, as types: ``commands`` checks them, the AsyncAPI document tells them."""

from enum import IntEnum
from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

from common.json_schema import Also
from trading.realtime.shapes import CHANNELS, Moment

Channel = Annotated[str, Also(enum=list(CHANNELS))]
Channels = Annotated[list[Channel], Also(minItems=1, uniqueItems=True)]
Markets = Annotated[list[int], "Ids of markets.", Also(minItems=1, maxItems=200)]
Sid = Annotated[int, "Number of a subscription of this socket."]
ResumeFrom = Annotated[
    dict[str, int],
    "By market id: the last seq that you have.",
    Also(examples=[{"7": 1042}]),
]
CommandId = Annotated[int | str | None, "Yours; comes back with the answer."]


class SubscribeParams(TypedDict):
    channels: Channels
    markets: Markets
    resume_from: NotRequired[ResumeFrom]
    account_seq: NotRequired[
        Annotated[
            int,
            "The last number of your private frames on the socket before; with the first private channels of this one.",
            Also(minimum=0),
        ]
    ]


class UpdateParams(TypedDict):
    """``channels`` and ``markets`` are the new whole lists; ``add_markets`` and ``remove_markets`` change the list."""

    sid: Sid
    channels: NotRequired[Channels]
    markets: NotRequired[Markets]
    add_markets: NotRequired[Markets]
    remove_markets: NotRequired[Markets]
    resume_from: NotRequired[ResumeFrom]


class UnsubscribeParams(TypedDict):
    sid: Sid


class BatchParams(TypedDict):
    """Gather frames and send them as JSON arrays, which costs both sides less where much is going on."""

    interval_ms: Annotated[int, "How long frames are gathered; 0: each frame comes by itself.", Also(maximum=1000)]


class NoParams(TypedDict):
    """Nothing, or left out."""


COMMANDS: Final[dict[str, Any]] = {
    "subscribe": SubscribeParams,
    "update": UpdateParams,
    "update_subscription": UpdateParams,
    "unsubscribe": UnsubscribeParams,
    "batch": BatchParams,
    "list": NoParams,
    "ping": NoParams,
}


class Described(TypedDict):
    sid: Sid
    channels: Channels
    markets: Markets


class Subscribed(TypedDict):
    id: CommandId
    type: Literal["subscribed"]
    sid: Sid
    channels: Channels
    markets: Markets


class Updated(TypedDict):
    id: CommandId
    type: Literal["updated"]
    sid: Sid
    channels: Channels
    markets: Markets


class Unsubscribed(TypedDict):
    id: CommandId
    type: Literal["unsubscribed"]
    sid: Sid


class Subscriptions(TypedDict):
    id: CommandId
    type: Literal["subscriptions"]
    subscriptions: list[Described]


class Batching(TypedDict):
    """From the next message on."""

    id: CommandId
    type: Literal["batching"]
    interval_ms: int


class Pong(TypedDict):
    id: CommandId
    type: Literal["pong"]
    ts: Moment


class Error(TypedDict):
    """The command changed nothing; the connection stays open."""

    id: CommandId
    type: Literal["error"]
    code: Annotated[int, "What is wrong, by number."]
    detail: Annotated[str, "A sentence with the fix."]
    field: NotRequired[Annotated[str, "JSON pointer to what is wrong in the command."]]


class Tick(TypedDict):
    """Comes each 5 seconds; none for 15 means that the connection is dead."""

    type: Literal["tick"]
    ts: Moment
    markets: Annotated[dict[str, int], "The last seq of each market subscribed to, by id."]
    account_seq: NotRequired[Annotated[int, "The last number of your private frames, 0 when there was none."]]


ANSWERS: Final = (Subscribed, Updated, Unsubscribed, Subscriptions, Batching, Pong, Error)


class Code(IntEnum):
    """Numbers of errors; their meaning never changes."""

    MALFORMED = 1
    UNKNOWN_COMMAND = 2
    WRONG_PARAMETER = 3
    UNKNOWN_MARKET = 4
    UNKNOWN_CHANNEL = 5
    PRIVATE_CHANNEL = 6
    TOO_MANY_SUBSCRIPTIONS = 7
    UNKNOWN_SID = 8
    TOO_MANY_COMMANDS = 9
    UNAVAILABLE = 10


MEANINGS: Final[dict[Code, str]] = {
    Code.MALFORMED: "The frame is not a JSON object in a text frame.",
    Code.UNKNOWN_COMMAND: "The cmd is missing or unknown.",
    Code.WRONG_PARAMETER: "A parameter is missing, unknown or of the wrong kind; field names it.",
    Code.UNKNOWN_MARKET: "There is no such market.",
    Code.UNKNOWN_CHANNEL: "There is no such channel.",
    Code.PRIVATE_CHANNEL: "The channel is private: sign in or use a key.",
    Code.TOO_MANY_SUBSCRIPTIONS: "At most 200 markets over all subscriptions of a connection.",
    Code.UNKNOWN_SID: "There is no such subscription.",
    Code.TOO_MANY_COMMANDS: (
        "100 commands at once, then 20 a second; one on many markets counts once for each 20 of them. Going on closes "
        "the connection."
    ),
    Code.UNAVAILABLE: "The database does not answer for now: try again in a second.",
}
CLOSE_MEANINGS: Final[dict[int, str]] = {
    1008: "Too many commands.",
    1009: "A frame over 64 KiB.",
    1012: "The server restarts, or the connection is 12 hours old: reconnect after a random delay of a few seconds.",
    1013: "The server has no more sockets to give: try again later, after a random delay.",
    4008: "You read too slowly: over 5,000 frames or 4 MiB were waiting.",
    4401: "Signed out, key revoked or expired, or account suspended or closed.",
    4429: "Too many sockets of this account, or of this address without an account: close one first.",
}
