"""Market histories from elsewhere, read and checked, for those who learn from them without importing them."""

from dataclasses import dataclass
from pathlib import Path

from trading.services._history_files import HistoryMarket as HistoryMarket
from trading.services._history_files import HistoryMistakes as HistoryMistakes
from trading.services._history_files import HistoryTrade as HistoryTrade
from trading.services._history_files import PricePoint as PricePoint
from trading.services._history_files import read_folder, source_folders
from trading.services._history_table import Mistake


@dataclass(frozen=True, slots=True)
class HistoryFolder:
    """A source folder and the files that it was read from."""

    name: str
    markets: list[HistoryMarket]
    files: tuple[Path, ...]


def read_history(*, directory: Path) -> list[HistoryFolder]:
    """Every source folder of ``directory``, as ``import_history`` would read it.

    Raises: HistoryMistakes with everything that is wrong in all of them
    """
    mistakes: list[Mistake] = []
    found: list[HistoryFolder] = []
    for folder in source_folders(directory):
        try:
            markets = read_folder(folder)
        except HistoryMistakes as error:
            mistakes += error.mistakes
        else:
            files = tuple(sorted(path for path in folder.glob("*.csv")))
            found.append(HistoryFolder(folder.name, markets, files))
    if mistakes:
        raise HistoryMistakes(mistakes)
    if not found:
        raise HistoryMistakes([Mistake(str(directory), 1, "holds no markets.csv with markets")])
    return found
