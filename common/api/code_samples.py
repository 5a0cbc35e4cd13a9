"""One request of an operation as text for curl, Python and JavaScript.

Contract   Pure: made of the operation's own examples, so that what is shown is what the tests execute. Address and key
           come from ``OM_URL`` and ``OM_KEY``; a public operation is shown without a key.
Invariant  Each text runs as it stands: in a POSIX shell, in Python with httpx, and as a module of Node or a browser.
"""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

_IDEMPOTENCY_KEY: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is sent: ``address`` with its query, ``body`` a JSON document or None."""

    method: str
    address: str
    body: Any
    needs_key: bool
    idempotency_key: str
    is_json: bool


def with_code_samples(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add ``x-codeSamples`` to ``operation``, as documentation tools know it."""
    asked = exchange_of(path, method, operation)
    operation["x-codeSamples"] = [
        {"lang": language, "label": label, "source": write(asked)} for language, label, write in _LANGUAGES
    ]


def exchange_of(path: str, method: str, operation: dict[str, Any]) -> Exchange:
    query: dict[str, str] = {}
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(_example(parameter), safe=""))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = _example(parameter)
    return Exchange(
        method=method.upper(),
        address=path + (f"?{urlencode(query)}" if query else ""),
        body=_body(operation),
        needs_key={} not in operation.get("security", [{}]),
        idempotency_key="my-key-1" if any(one["name"] == _IDEMPOTENCY_KEY for one in parameters) else "",
        is_json="application/json" in _success(operation).get("content", {}),
    )


def _example(parameter: dict[str, Any]) -> str:
    examples = parameter.get("examples")
    return str(next(iter(examples.values()))["value"]) if examples else parameter["name"]


def _body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples")
    return next(iter(examples.values()))["value"] if examples else None


def _success(operation: dict[str, Any]) -> dict[str, Any]:
    found = (answer for status, answer in operation["responses"].items() if int(status) < HTTPStatus.BAD_REQUEST)
    return next(found, {})


def _curl(asked: Exchange) -> str:
    method = "" if asked.method == "GET" else f" -X {asked.method}"
    parts = [f'curl -sS --fail-with-body{method} "$OM_URL{asked.address}"']
    if asked.needs_key:
        parts.append('-H "Authorization: Bearer $OM_KEY"')
    if asked.idempotency_key:
        parts.append(f'-H "{_IDEMPOTENCY_KEY}: {asked.idempotency_key}"')
    if asked.body is not None:
        parts.append('-H "Content-Type: application/json"')
        parts.append(f"-d {shlex.quote(_json(asked.body, 0))}")
    return " \\\n  ".join(parts)


def _python(asked: Exchange) -> str:
    headers = ['"Authorization": f"Bearer {os.environ[\'OM_KEY\']}"'] if asked.needs_key else []
    if asked.idempotency_key:
        headers.append(f'"{_IDEMPOTENCY_KEY}": "{asked.idempotency_key}"')
    arguments = [f'os.environ["OM_URL"] + {json.dumps(asked.address)}']
    if headers:
        arguments.append(f"headers={{{', '.join(headers)}}}")
    if asked.body is not None:
        arguments.append(f"json={_written(asked.body, 1, _WORDS_OF_PYTHON)}")
    # httpx.delete takes no body.
    verb = asked.method.lower()
    if verb == "delete" and asked.body is not None:
        verb, arguments = "request", ['"DELETE"', *arguments]
    call = "".join(f"    {argument},\n" for argument in arguments)
    shown = "answer.json()" if asked.is_json else "answer.text"
    return f"import os\n\nimport httpx\n\nanswer = httpx.{verb}(\n{call})\nanswer.raise_for_status()\nprint({shown})"


def _javascript(asked: Exchange) -> str:
    headers = ["Authorization: `Bearer ${process.env.OM_KEY}`"] if asked.needs_key else []
    if asked.idempotency_key:
        headers.append(f'"{_IDEMPOTENCY_KEY}": "{asked.idempotency_key}"')
    if asked.body is not None:
        headers.append('"Content-Type": "application/json"')
    options = [] if asked.method == "GET" else [f'method: "{asked.method}"']
    if headers:
        options.append("headers: {\n" + "".join(f"    {header},\n" for header in headers) + "  }")
    if asked.body is not None:
        options.append(f"body: JSON.stringify({_json(asked.body, 1)})")
    address = asked.address.replace("`", "%60").replace("${", "%24%7B")
    more = ", {\n" + "".join(f"  {option},\n" for option in options) + "}" if options else ""
    shown = "JSON.stringify(await response.json(), null, 2)" if asked.is_json else "await response.text()"
    return (
        f"const response = await fetch(`${{process.env.OM_URL}}{address}`{more});\n"
        f"if (!response.ok) throw new Error(await response.text());\nconsole.log({shown});"
    )


_WORDS_OF_JSON: Final = {None: "null", True: "true", False: "false"}
_WORDS_OF_PYTHON: Final = {None: "None", True: "True", False: "False"}
_WIDTH: Final = 88


def _json(value: Any, depth: int) -> str:
    return _written(value, depth, _WORDS_OF_JSON)


def _written(value: Any, depth: int, words: dict[Any, str]) -> str:
    """``value`` as a literal: in one line where it fits, otherwise an item a line."""
    if value is None or isinstance(value, bool):
        return words[value]
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_written(item, depth + 1, words)}" for key, item in value.items()]
        begin, end = "{", "}"
    else:
        items = [_written(item, depth + 1, words) for item in value]
        begin, end = "[", "]"
    line = f"{begin}{', '.join(items)}{end}"
    step = "    " if words is _WORDS_OF_PYTHON else "  "
    if len(line) + depth * len(step) <= _WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{step * (depth + 1)}{item},\n" for item in items)
    closing = inner if words is _WORDS_OF_PYTHON else inner.removesuffix(",\n") + "\n"
    return f"{begin}\n{closing}{step * depth}{end}"


_LANGUAGES: Final[tuple[tuple[str, str, Callable[[Exchange], str]], ...]] = (
    ("Shell", "curl", _curl),
    ("Python", "Python", _python),
    ("JavaScript", "JavaScript", _javascript),
)
