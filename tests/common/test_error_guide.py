import re
from pathlib import Path

from common.error_guide import ERROR_GUIDE, FIELD_GUIDE
from scripts.write_docs import error_codes
from tests.architecture.sources import APPS


def test_every_code_is_explained_and_none_that_does_not_exist() -> None:
    assert ERROR_GUIDE.keys() == error_codes().keys()


def test_every_field_code_is_explained(project_dir: Path) -> None:
    apps = [project_dir / name for name in APPS]
    sources = [source for app in apps for source in app.rglob("*.py") if source.parent.name == "api"]
    used = {code for source in sources for code in re.findall(r'"(field\.[a-z_]+)"', source.read_text("utf-8"))}
    assert FIELD_GUIDE.keys() == used
