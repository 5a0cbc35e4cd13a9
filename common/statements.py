"""A statement told in a few words: what it does to which table, by which columns."""

import re
from functools import lru_cache
from typing import Final

LENGTH_MAX: Final = 120
_VERB: Final = re.compile(r"\s*(\w+)")
_TABLE: Final = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)
_COLUMN: Final = re.compile(r'"?(\w+)"?\s*(?:=|<|>|IN\b|BETWEEN\b|LIKE\b)', re.IGNORECASE)


@lru_cache(1_000)
def short_statement(text: str) -> str:
    """``SELECT trading_order by market_id, status``; the same for statements that differ in values only."""
    verb, table = _VERB.match(text), _TABLE.search(text)
    where = re.split(r"\bWHERE\b", text, maxsplit=1, flags=re.IGNORECASE)
    columns = dict.fromkeys(_COLUMN.findall(where[1])) if len(where) > 1 else {}
    words = [verb.group(1).upper() if verb else "?", table.group(1) if table else "?"]
    return " ".join([*words, *(["by", ", ".join(columns)] if columns else [])])[:LENGTH_MAX]
