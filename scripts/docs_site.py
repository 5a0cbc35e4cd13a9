"""Hooks of the guides' site: where each page stands, and that nothing is fetched from elsewhere."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FETCHED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\ssrc=\"(?:https?:)?//|<link\b[^>]*rel=\"(?:stylesheet|preconnect|preload)\"[^>]*href=\"(?:https?:)?//"
)


def named(nav: Any) -> set[str]:
    """Every page that ``nav`` has a place for."""
    if isinstance(nav, str):
        return {nav}
    return set().union(*map(named, nav.values() if isinstance(nav, dict) else nav))


def title(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ").strip()


def on_config(config: Any) -> Any:
    """Pages without a place come under "More", decisions in the order they were made."""
    docs = ROOT / "docs"
    more = sorted({path.name for path in docs.glob("*.md")} - named(config.nav))
    decisions = [{title(path): f"adr/{path.name}"} for path in sorted((docs / "adr").glob("*.md"))]
    config.nav = [*config.nav, *([{"More": more}] if more else []), {"Decisions": decisions}]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links to files of the repository become their names: the site may be read without it. They must be there."""
    folder = (ROOT / "docs" / page.file.src_uri).parent

    def unlinked(match: re.Match[str]) -> str:
        target = (folder / match[2]).resolve()
        if target.is_relative_to(ROOT / "docs"):
            return match[0]
        if not target.exists():
            raise SystemExit(f"{page.file.src_uri} leads to {match[2]}, which isn't there")
        return f"{match[1]} (`{target.relative_to(ROOT)}`)"

    return re.sub(r"(?<!!)\[([^\]]*)\]\((\.\./[^)#\s]+)\)", unlinked, markdown)


def on_post_page(output: str, page: Any, config: Any) -> str:
    if found := FETCHED.search(output):
        raise SystemExit(f"{page.file.src_uri} fetches from elsewhere: {found[0]}")
    return output
