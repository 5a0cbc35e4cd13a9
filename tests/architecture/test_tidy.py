"""Style that is a test: sizes, names, and couplings that no import shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.sources import APPS, ROOT, name, python_files, tree

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
ENTRY_POINT_LINES_MAX = 40
PARAMETERS_MAX = 7
ASSET_LINES_MAX = 300
ENTRY_POINTS = {"views.py", "tasks.py", "consumers.py", "subscribers.py", "commands"}
BANNED_MODULES = {"utils.py", "helpers.py", "common.py", "misc.py", "base.py"}
COUPLINGS = {
    "apps.get_model": re.compile(r"\bapps\.get_model\("),
    "send_task": re.compile(r"\bsend_task\("),
    "a reverse accessor": re.compile(r"\.\w+_set\.(all|filter|get|create|count|exists|order_by)\("),
    "a to-do": re.compile(r"#\s*(TODO|FIXME|XXX)\b"),
}

#: The few places that may catch everything, and why.
CATCH_ALLS = {
    "common/apart.py": "hands the error to the call that waits for the task, which raises it",
    "common/jobs/run.py": "notes in the ledger that the attempt failed, whatever it was",
    "common/metrics/registry.py": "a mistake in one measurement must not end all others; it is logged",
    "common/shared_thread.py": "hands the error to whoever waits for the answer; a mistake between calls is logged",
    "monitoring/realtime/agent.py": "the next second is measured again; the mistake is logged",
    "monitoring/realtime/site_probe.py": "the next round measures the site again; the mistake is logged",
    "opinion_market/request_threads.py": "hands the error to the loop, which raises it where the answer is waited for",
    "trading/services/submit.py": "hands the error to the threads that wait for the batch; they raise it",
    "trading/tasks.py": "gives the other markets of a sweep their turn, then raises what was caught",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(node: Function) -> int:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or first) - first + 1


def positional(node: Function) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len([one for one in names if one not in ("self", "cls")])


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    lines_max = ENTRY_POINT_LINES_MAX if ENTRY_POINTS & set(path.parts) else FUNCTION_LINES_MAX
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES_MAX
    assert [f"{node.name}: {length(node)} lines" for node in functions(path) if length(node) > lines_max] == []
    assert [f"{node.name}: {positional(node)}" for node in functions(path) if positional(node) > PARAMETERS_MAX] == []


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_couplings_and_catch_alls_are_absent(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in COUPLINGS.items() if pattern.search(text)] == []
    if name(path) in CATCH_ALLS:
        return
    caught = [node.type for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)]
    broad = {"Exception", "BaseException"}
    assert [kind for kind in caught if kind is None or (isinstance(kind, ast.Name) and kind.id in broad)] == []


def test_no_module_is_a_drawer() -> None:
    # The one is what every Django reader looks for, the other what Django itself imports of a database backend.
    found = {name(path) for path in python_files() if path.name in BANNED_MODULES}
    assert found - {"opinion_market/settings/base.py", "opinion_market/postgresql/base.py"} == set()


def test_packages_bind_no_names() -> None:
    filled = [name(path) for path in python_files() if path.name == "__init__.py" and path.stat().st_size]
    assert [path for path in filled if not path.endswith("models/__init__.py")] == []


def test_templates_scripts_and_styles_stay_small() -> None:
    folders = (ROOT / "templates", ROOT / "static")
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".html", ".js", ".css"}]
    own = [path for path in files if "vendor" not in path.parts]
    long = [name(path) for path in own if len(path.read_text(encoding="utf-8").splitlines()) > ASSET_LINES_MAX]
    assert long == []


def test_foreign_keys_across_apps_leave_no_accessor() -> None:
    found = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if field.related_model._meta.app_label not in (model._meta.app_label, "auth", "contenttypes")
        if field.remote_field.related_name != "+"
    ]
    assert found == []
