"""Close the door without shutting it on those who stand in it.

Why        A listener that is closed resets the connections that it has not accepted yet. A proxy has sent its
           request there already and may not repeat an order, so it would tell a failure. A filter on the listener
           drops first packets (SYN) instead: their sender hears nothing, and turns to another server when it is tired
           of waiting or, a second later, finds the listener closed. Either way it has sent no request.
Bound      Linux; elsewhere nothing happens, and the listener is closed as ever.
"""

import ctypes
import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SO_ATTACH_FILTER: Final = 26
_FLAGS_AT: Final = 13
_SYN: Final = 0x02
_SYN_ACK: Final = 0x12
#: code, jump if true, jump if false, operand: load the flags, keep SYN and ACK, drop what is SYN alone.
_PROGRAM: Final = (
    (0x30, 0, 0, _FLAGS_AT),
    (0x54, 0, 0, _SYN_ACK),
    (0x15, 0, 1, _SYN),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def let_nobody_in() -> None:
    """Drop the first packet of new connections to every listener of this process."""
    if sys.platform != "linux":
        return
    for listener in own_listeners():
        with listener:
            drop_first_packets(listener)


def drop_first_packets(listener: socket.socket) -> None:
    code = b"".join(struct.pack("HBBI", *step) for step in _PROGRAM)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HL", len(_PROGRAM), ctypes.addressof(held))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def own_listeners() -> Iterator[socket.socket]:
    """A second handle of each listening TCP socket of this process."""
    for name in os.listdir("/proc/self/fd"):
        try:
            if not stat.S_ISSOCK(Path(f"/proc/self/fd/{name}").stat().st_mode):
                continue
            handle = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            # The handle that listed the folder is gone by now.
            continue
        is_tcp = handle.family in (socket.AF_INET, socket.AF_INET6) and handle.type == socket.SOCK_STREAM
        if is_tcp and handle.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            yield handle
        else:
            handle.close()
