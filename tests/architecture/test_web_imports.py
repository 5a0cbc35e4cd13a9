"""What a web process holds in memory: nothing that only jobs and commands need."""

import os
import subprocess
import sys
from typing import Final

from tests.architecture.sources import ROOT

#: Each costs tens of megabytes or a second of start in every web process; tasks, jobs and commands import them.
HEAVY: Final = (
    "numpy", "pandas", "scipy", "sklearn", "reportlab", "xlsxwriter", "feedparser", "vaderSentiment", "kubernetes",
    "locust", "pyarrow", "opentelemetry", "PIL",
)  # fmt: skip

#: Answers a request as a server does, loads every route and task module, and says what else came along.
_WEB: Final = """
import asyncio, sys
from opinion_market.asgi import application
from celery import current_app
from django.conf import settings
from django.urls import get_resolver

async def ask(scope, messages):
    waiting, said = iter(messages), []
    async def receive():
        return next(waiting)
    async def send(message):
        said.append(message)
    await application(scope, receive, send)
    return said

def request(path):
    headers = [(b"host", b"localhost")]
    return {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "asgi": {"version": "3.0"}}

async def main():
    body = {"type": "http.request", "body": b"", "more_body": False}
    told = await ask(request("/health"), [body])
    assert told[0]["status"] == 200, told
    assert get_resolver().reverse_dict is not None
    current_app.loader.import_default_modules()
    current_app.autodiscover_tasks(force=True)

asyncio.run(main())
heavy = sys.argv[1].split(",")
print(",".join(name for name in heavy if name in sys.modules), flush=True)
import os
# The threads of the bridge and of measuring end with the process.
os._exit(0)
"""


def test_a_web_process_imports_nothing_heavy() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "opinion_market.settings.test", "METRICS_ENABLED": "false"}
    command = [sys.executable, "-c", _WEB, ",".join(HEAVY)]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "", f"A web process imports {answer.stdout.strip()}."
