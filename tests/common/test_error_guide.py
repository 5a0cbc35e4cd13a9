import re
from pathlib import Path

from common.error_guide import ERROR_GUIDE, FIELD_GUIDE
from scripts.write_docs import error_codes


def test_every_code_is_explained_and_none_that_does_not_exist() -> None:
    assert ERROR_GUIDE.keys() == error_codes().keys()


def test_every_field_code_is_explained(project_dir: Path) -> None:
    sources = [*(project_dir / "common/api").glob("*.py"), *(project_dir / "trading/api").glob("*.py")]
    used = {code for source in sources for code in re.findall(r'"(field\.[a-z_]+)"', source.read_text("utf-8"))}
    assert FIELD_GUIDE.keys() == used
