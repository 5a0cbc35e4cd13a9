"""Look for keys and passwords in every tracked file and in every line that was ever committed; exit 1 and name the
places when there is one."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PATTERNS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "API key of this product": re.compile(r"\bomk_[A-Za-z0-9_-]{32,}"),
    "password in a URL": re.compile(
        r"\b(?:postgres(?:ql)?|rediss?|smtps?|https?)://[^\s:/@]+:(?!password|secret|\$|\{|<)[^\s@/]{6,}@"
    ),
    "assigned secret": re.compile(
        r"""(?i)\b(?:secret|token|passwd|api_key)\w*\s*[:=]\s*["'][A-Za-z0-9+/_-]{32,}["']"""
    ),
}
#: The text of a line that says why it is not a secret.
ALLOWED = re.compile(r"noqa: S105|do-not-use|only-for-tests|not-a-secret|sha256:")
#: Lines of older commits, from before they said it themselves: made-up secrets that tests look for in logs.
KNOWN = (
    "canarydatabase@db.example",
    "me:canary@host",
    "ncanary",
    "canary-database@host",
    "@127.0.0.1:PORT",
    "p%40ss@db",
)  # not-a-secret
ROOT = Path(__file__).resolve().parents[1]


def kinds(line: str) -> list[str]:
    """What ``line`` seems to hold."""
    return [] if ALLOWED.search(line) else [kind for kind, pattern in PATTERNS.items() if pattern.search(line)]


def findings(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
    return [
        f"{path.relative_to(ROOT)}:{number}: {kind}" for number, line in enumerate(lines, 1) for kind in kinds(line)
    ]


def past_findings(log: Iterable[str]) -> list[str]:
    """``log``: lines of ``git log -p``, where each commit begins with ``commit HASH``."""
    found, commit, path = set(), "", ""
    for line in log:
        if line.startswith("commit "):
            commit = line[7:19]
        elif line.startswith("+++ "):
            path = line[6:].strip()
        elif line.startswith("+") and not any(known in line for known in KNOWN):
            found |= {f"{commit} {path}: {kind}" for kind in kinds(line)}
    return sorted(found)


def history() -> list[str]:
    """Every line that was ever added; a shallow clone only knows its own."""
    command = ["git", "log", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--format=commit %H"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="replace") as git:
        assert git.stdout is not None
        return past_findings(git.stdout)


def main() -> int:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [line for name in names.split("\0") if name for line in findings(ROOT / name)] + history()
    count = subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    print("\n".join(found) or f"No secrets in the tracked files, nor in {count.stdout.strip()} commits.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
