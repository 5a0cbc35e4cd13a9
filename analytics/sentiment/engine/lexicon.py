"""The tone of a text, by a kept lexicon of English words (VADER).

Contract   ``tone_of`` answers -1 (hostile) to 1 (friendly), 0 for texts without a word that it knows. The same text
           and ``VERSION`` give the same answer for ever.
Limits     English only. It is the tone of the words, not whether the writer expects yes or no.
Why        Imported by workers and commands only: the lexicon takes memory that web processes have no use for.
"""

import re
from functools import lru_cache
from typing import Final

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

VERSION: Final = "vader-3.3.2"
_ADDRESS: Final = re.compile(r"https?://\S+")
_QUOTED: Final = re.compile(r"^>.*$", re.MULTILINE)
_MARKUP: Final = re.compile(r"[*`\[\]]")


def tone_of(text: str) -> float:
    """Addresses, quotations of others and markup don't count."""
    words = _MARKUP.sub("", _QUOTED.sub("", _ADDRESS.sub("", text)))
    return float(_analyzer().polarity_scores(words)["compound"])


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
