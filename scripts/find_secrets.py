"""Look for keys and passwords in every tracked file; exit 1 and name file and line when there is one."""

import re
import subprocess
import sys
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
ROOT = Path(__file__).resolve().parents[1]


def findings(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
    return [
        f"{path.relative_to(ROOT)}:{number}: {kind}"
        for number, line in enumerate(lines, 1)
        for kind, pattern in PATTERNS.items()
        if pattern.search(line) and not ALLOWED.search(line)
    ]


def main() -> int:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [line for name in names.split("\0") if name for line in findings(ROOT / name)]
    print("\n".join(found) or "No secrets in the tracked files.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
