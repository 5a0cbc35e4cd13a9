"""The version of the program, as pyproject.toml has it; a test keeps them equal."""

from typing import Final

VERSION: Final = "0.1.0"
