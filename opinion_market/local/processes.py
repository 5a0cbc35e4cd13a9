"""Children that die with their parent, and finding those that an earlier run left behind."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None
#: What root runs the servers as: PostgreSQL refuses to run as root.
SERVER_ACCOUNT: Final = "nobody"


def server_account() -> pwd.struct_passwd | None:
    """The account to run servers as, or None to stay who we are."""
    return pwd.getpwnam(SERVER_ACCOUNT) if os.geteuid() == 0 else None


def give_to_server_account(path: Path) -> None:
    account = server_account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _dying_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
            # The parent may have died before the line above took effect.
            if os.getppid() != parent:
                os._exit(1)

    return arrange


def start(
    command: Sequence[str],
    *,
    as_server: bool = False,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[Any] | int | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own process group (Ctrl-C reaches only us) that gets ``death_signal`` when we die."""
    account = server_account() if as_server else None
    identity: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account is not None else {}
    )
    return subprocess.Popen(
        list(command),
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        process_group=0,
        preexec_fn=_dying_with_parent(death_signal),  # after the change of user, which would clear it
        **identity,
    )


def stop(process: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience_s: float = 15) -> None:
    """Ask, wait, then kill; the whole group, so that nothing of ours stays."""
    if process.poll() is None:
        process.send_signal(first)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    _kill_group(process.pid)


def command_line(pid: int) -> str:
    """The command line of a live process, or "" when there is none."""
    try:
        text = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        text = _ps(pid) if sys.platform != "linux" else ""
    return text.strip()


def _ps(pid: int) -> str:
    answer = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout


def stop_leftover(pid_file: Path, *, marker: str, gentle: signal.Signals, patience_s: float = 15) -> bool:
    """Stop the process of ``pid_file`` if it is ours, which ``marker`` in its command line proves.

    Returns whether one was stopped. A pid that now belongs to somebody else is left alone.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return False
    if marker not in command_line(pid):
        return False
    os.kill(pid, gentle)
    deadline = time.monotonic() + patience_s
    while marker in command_line(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    _kill_group(pid)
    return True


def clear_directory(directory: Path, *, title: str, patience_s: float) -> None:
    """Wait until no process of this ``title`` works in ``directory``, then kill those that do (Linux)."""
    deadline = time.monotonic() + patience_s
    while (working := _working_in(directory, title)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in working:
        _kill_group(pid)


def _working_in(directory: Path, title: str) -> list[int]:
    wanted = str(directory.resolve())
    folders = [folder for folder in Path("/proc").glob("[0-9]*") if _place(folder) == wanted]
    return [int(folder.name) for folder in folders if command_line(int(folder.name)).startswith(title)]


def _place(folder: Path) -> str:
    try:
        return os.readlink(folder / "cwd")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return ""


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
