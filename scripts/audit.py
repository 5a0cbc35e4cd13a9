"""Known vulnerabilities of every locked package; exit 1 when there is one, and say so when nothing could be asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def ask(service: str) -> list[dict[str, object]] | None:
    """The answer for each package, or None when the service cannot be asked."""
    command = [
        sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-r", "requirements.txt",
        "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off", "--timeout", "20",
    ]  # fmt: skip
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, object]] = json.loads(answer.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return None
    # A mirror that knows no advisories answers "not found" for everything.
    return packages if any("vulns" in package for package in packages) else None


def main() -> int:
    for service in ("pypi", "osv"):
        packages = ask(service)
        if packages is not None:
            break
        print(f"The advisories of {service} cannot be reached from here.")
    else:
        print("NOT CHECKED: run make security where one of them can be reached. AUDIT_REQUIRED=1 makes this a failure.")
        return int(os.environ.get("AUDIT_REQUIRED", "0"))
    bad = [
        f"{package['name']} {package['version']}: {package['vulns']}" for package in packages if package.get("vulns")
    ]
    skipped = [f"{package['name']}: {package['skip_reason']}" for package in packages if "skip_reason" in package]
    print("\n".join(bad + skipped) or f"{len(packages)} packages, no known vulnerability.")
    return 1 if bad or skipped else 0


if __name__ == "__main__":
    sys.exit(main())
