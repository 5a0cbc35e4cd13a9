"""Write the pages of docs/ that the code already knows: configuration.md, errors.md, asyncapi.json and the table of
series.md."""

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")

from common.error_guide import ERROR_GUIDE, FIELD_GUIDE
from common.errors import DomainError
from monitoring.engine.catalogue import CATALOGUE
from opinion_market.settings.env import Env
from trading.api.stream_document import asyncapi_document

APPS = (
    "accounts",
    "markets",
    "trading",
    "monitoring",
    "monitoring.forecasting",
    "monitoring.scaling",
    "monitoring.optimizer",
    "analytics.sentiment",
    "analytics.market_ai",
    "analytics.business",
    "analytics.skill",
    "analytics.reports",
    "alerting",
    "demo",
)


def cell(value: object) -> str:
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    return f"`{value}`" if value not in ("", None) else "unset"


def configuration() -> str:
    rows = [
        f"| `{spec.name.upper()}` | {cell(spec.metadata['default'])} | {spec.metadata['kind'].allowed} | {spec.metadata['doc']} |"
        for spec in fields(Env)
    ]
    head = (
        "# Configuration\n\nEvery setting comes from the environment. A wrong value stops the start with a message that names the"
        " key, the\nvalue and what is allowed. `opinion_market.settings.prod` also refuses the default `SECRET_KEY`, `DEBUG`,"
        " a `*` in\n`ALLOWED_HOSTS`, and a missing `DATABASE_URL` or `REDIS_URL`.\n\n"
        "| key | default | allowed | meaning |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _subclasses(cls: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


def error_codes() -> dict[str, tuple[int, str]]:
    """Code to status and title of every refusal."""
    for module in (
        "common.paging",
        "common.api.errors",
        "common.jobs.errors",
        "common.outgoing.errors",
        *(f"{app}.errors" for app in APPS),
    ):
        if importlib.util.find_spec(module):
            importlib.import_module(module)
    # A class with subclasses groups them and is never raised itself.
    raised = [
        cls for cls in _subclasses(DomainError) if not cls.__subclasses__() and cls.__module__.split(".")[0] != "tests"
    ]
    return dict(sorted((cls.code, (cls.status, cls.title)) for cls in raised))


def errors() -> str:
    rows = [
        f'| <a id="{code}"></a>`{code}` | {status} | {title} | {ERROR_GUIDE[code].cause} | {ERROR_GUIDE[code].fix} |'
        for code, (status, title) in error_codes().items()
    ]
    head = (
        "# Errors\n\nEvery failure is `application/problem+json` (RFC 9457) with a stable `code`. `detail` says what to change;"
        " `errors`\npoints at the fields. Codes never change their meaning, and a refused request has changed nothing.\n\n"
        "| code | status | title | cause | fix |\n|---|---|---|---|---|\n"
    )
    fields = "\n\n## Codes of fields\n\nInside `errors` of a `request.invalid`:\n\n| code | meaning |\n|---|---|\n"
    return head + "\n".join(rows) + fields + "\n".join(f"| `{c}` | {t} |" for c, t in FIELD_GUIDE.items()) + "\n"


def series() -> str:
    """The page as it is, with the table of the series made anew."""
    text = (ROOT / "docs" / "series.md").read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- series: written by make fix -->\n")
    after = rest.partition("<!-- /series -->")[2]
    rows = ["| series | unit | what it is | warning | critical |", "|---|---|---|---|---|"]
    rows += [
        f"| `{s.name}` | {s.unit} | {s.help} | {_limit(s.warn)} | {_limit(s.critical)} |" for s in CATALOGUE.values()
    ]
    return f"{before}<!-- series: written by make fix -->\n" + "\n".join(rows) + f"\n<!-- /series -->{after}"


def asyncapi() -> str:
    return json.dumps(asyncapi_document(), indent=2, ensure_ascii=False) + "\n"


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


PAGES = {"configuration.md": configuration, "errors.md": errors, "series.md": series, "asyncapi.json": asyncapi}


def main() -> None:
    for page, write in PAGES.items():
        (ROOT / "docs" / page).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
