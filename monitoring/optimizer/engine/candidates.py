"""Which indexes might help a statement: the columns that it compares and sorts by, table by table.

Contract   Pure, and modest: it reads what Django writes and plain SQL of one to a few tables; what it doesn't
           understand has no candidates. One or two columns, those compared for equality first.
"""

import re
from typing import Final

CANDIDATES_MAX: Final = 6
_WORDS: Final = (
    "where|join|inner|left|right|full|cross|on|set|order|group|limit|as|for|natural|union|having|returning|"
    "tablesample|and|or|not|select|lateral|using"
)
_TABLES: Final = re.compile(
    rf'\b(?:FROM|JOIN|UPDATE)\s+"?([a-z_]\w*)"?(?:\s+(?:AS\s+)?(?!(?:{_WORDS})\b)"?([a-z_]\w*)"?)?', re.I
)
_COLUMN: Final = r'(?:"?([a-z_]\w*)"?\.)?"?([a-z_]\w*)"?'
_EQUAL: Final = re.compile(_COLUMN + r"\s*(?:=|IN\b)\s*(?:ANY\b)?\s*\(?\s*(?:\$\d|'|\d)", re.I)
_RANGE: Final = re.compile(_COLUMN + r"\s*(?:<=|>=|<|>|BETWEEN\b)\s*(?:\$\d|'|\d|now\b)", re.I)
_ORDER: Final = re.compile(r"\bORDER\s+BY\s+" + _COLUMN, re.I)


def candidates(text: str, columns: dict[str, frozenset[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Pairs of a table and its columns to index. ``columns`` are those of the tables that there are."""
    tables = _tables(text, columns)
    equal = _found(_EQUAL, text, tables, columns)
    ranged = _found(_RANGE, text, tables, columns) + _found(_ORDER, text, tables, columns)
    singles: list[tuple[str, tuple[str, ...]]] = [(table, (column,)) for table, column in equal + ranged]
    pairs: list[tuple[str, tuple[str, ...]]] = [
        (table, (first, second))
        for place, (table, first) in enumerate(equal)
        for other, second in equal[place + 1 :] + ranged
        if other == table and first != second
    ]
    return list(dict.fromkeys(pairs + singles))[:CANDIDATES_MAX]


def _tables(text: str, columns: dict[str, frozenset[str]]) -> dict[str, str]:
    """Tables by the names that the statement calls them."""
    found = {}
    for table, alias in _TABLES.findall(text):
        if table in columns:
            found[table] = table
            if alias:
                found[alias] = table
    return found


def _found(
    pattern: re.Pattern[str], text: str, tables: dict[str, str], columns: dict[str, frozenset[str]]
) -> list[tuple[str, str]]:
    found = []
    for prefix, column in pattern.findall(text):
        owners = [tables[prefix]] if prefix in tables else [] if prefix else list(dict.fromkeys(tables.values()))
        found += [(owner, column) for owner in owners if column in columns[owner]]
    return list(dict.fromkeys(found))
