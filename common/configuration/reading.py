"""Reading a YAML file strictly: what is missing, unknown or wrong stops the start with one sentence.

Contract   ``Section`` is asked for each key once; ``finish`` refuses keys that nobody asked for. Every ``ConfigError``
           names the file, the path of the key, the value and what is allowed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import yaml


class ConfigError(Exception):
    """A file of settings holds something that this product cannot run with."""


class Section:
    """A mapping of the file; ``path`` is where it is: ``thresholds.cpu_usage``."""

    def __init__(self, values: Mapping[str, Any], *, file: str, path: str = "") -> None:
        self._values, self._file, self._path = values, file, path
        self._asked: set[str] = set()

    def refuse(self, key: str, allowed: str) -> NoReturn:
        """Raises: ConfigError"""
        shown = repr(self._values[key]) if key in self._values else "missing"
        raise ConfigError(f"{self._file}: {self._at(key)} is {shown}; it must be {allowed}.")

    def finish(self) -> None:
        """Raises: ConfigError for the first key that nobody asked for"""
        for key in self._values:
            if key not in self._asked:
                self.refuse(str(key), f"left out: the keys here are {', '.join(sorted(self._asked))}")

    def value(self, key: str) -> Any:
        self._asked.add(key)
        return self._values.get(key)

    def number(self, key: str, *, low: float, high: float, default: float | None = None) -> float:
        """Whole or not; a ``bool`` is no number."""
        found = self.value(key)
        if found is None and default is not None and key not in self._values:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
            self.refuse(key, f"a number from {low:g} to {high:g}")
        return float(found)

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        found = self.value(key)
        if found is None and default is not None and key not in self._values:
            return default
        if type(found) is not int or not low <= found <= high:
            self.refuse(key, f"a whole number from {low} to {high}")
        return found

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        found = self.value(key)
        if not isinstance(found, str) or found not in allowed:
            self.refuse(key, f"one of {', '.join(allowed)}")
        return found

    def text(self, key: str, *, starts: tuple[str, ...] = ("",), allowed: str = "text") -> str:
        found = self.value(key)
        if not isinstance(found, str) or not found.strip() or not found.startswith(starts):
            self.refuse(key, allowed)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.value(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one.strip() for one in found):
            self.refuse(key, "a list with one text or more")
        return tuple(found)

    def section(self, key: str) -> "Section":
        found = self.value(key)
        if not isinstance(found, dict):
            self.refuse(key, "a group of keys")
        return Section(found, file=self._file, path=self._at(key))

    def sections(self, key: str) -> tuple["Section", ...]:
        found = self.value(key)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.refuse(key, "a list of groups of keys, or []")
        return tuple(
            Section(one, file=self._file, path=f"{self._at(key)}[{number}]") for number, one in enumerate(found)
        )

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def read_file(file: Path) -> Section:
    """The file's outermost section. Raises: ConfigError"""
    shown = f"{file.parent.name}/{file.name}"
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except OSError as problem:
        raise ConfigError(f"{shown}: can't be read ({problem.strerror}); it must be at {file}.") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        words = " ".join(str(problem).split())
        raise ConfigError(f"{shown}: isn't YAML ({words}).") from problem
    if not isinstance(found, dict):
        raise ConfigError(f"{shown}: is {found!r}; it must be a group of keys.")
    return Section(found, file=shown)
