"""What our content security policy would refuse isn't in any template."""

import gzip
import re
from pathlib import Path

from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("layout", "components", "trading", "errors", "docs")
OURS = [path for folder in FOLDERS for path in (ROOT / "templates" / folder).rglob("*.html")]


def test_no_inline_scripts_styles_or_handlers() -> None:
    assert len(OURS) > 25
    for path in OURS:
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_every_static_file_that_a_template_names_exists() -> None:
    names = {name for path in OURS for name in re.findall(r"\{% static '([^']+)' %\}", path.read_text())}
    assert [name for name in sorted(names) if not (ROOT / "static" / name).exists()] == []


def test_every_module_that_a_script_imports_exists() -> None:
    for path in (ROOT / "static" / "js").rglob("*.js"):
        for name in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            assert (path.parent / name).exists(), (path, name)


def test_the_page_of_a_broken_server_needs_no_request_and_no_database() -> None:
    assert "Something broke on our side" in render_to_string("500.html")


def test_the_compressed_copies_of_vendored_modules_are_those_of_the_modules() -> None:
    copies = sorted((ROOT / "static" / "vendor").rglob("*.gz"))
    assert len(copies) == 2
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_suffix("").read_bytes(), copy
