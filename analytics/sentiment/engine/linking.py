"""Which questions a text is about: those whose telling words it holds.

Contract   A word weighs more the fewer questions have it (inverse frequency). ``overlap`` is the weight of the
           question's words that the text holds, out of the weight of all its words.
Bound      A text is compared with questions that share words with it; at most ``MATCHES_MAX`` are answered.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from analytics.sentiment.types import Match, Question

#: Measured on questions and headlines written for it (tests/analytics/sentiment/engine/test_linking.py).
OVERLAP_MIN: Final = 0.5
SHARED_MIN: Final = 2
MATCHES_MAX: Final = 20
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_STOPS: Final = """
a about after again against all an and any are as at be because been before being between both but by can could
day did do does during each few for from further had has have he her here him his how i if in into is it its just
least less more most next no not of off on once only or other our out over own same she should so some such than
that the their them then there these they this those through to too under until up us very was we were what when
where which while who whom why will with within would year yes you your january february march april may june july
august september october november december monday tuesday wednesday thursday friday saturday sunday
"""
_STOP: Final = frozenset(_STOPS.split())


def words_of(text: str) -> frozenset[str]:
    """The telling words, without case and the plainest endings."""
    found = (_stem(word) for word in _WORD.findall(text.casefold().replace("\u2019", "'")))
    return frozenset(word for word in found if word not in _STOP and (len(word) > 2 or word.isdigit()))


class QuestionIndex:
    """Questions by their words."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._words = {question.market_id: words_of(question.text) for question in questions}
        frequency = Counter(word for words in self._words.values() for word in words)
        count = max(len(self._words), 1)
        self._weights = {word: math.log(1 + count / number) for word, number in frequency.items()}
        self._having: dict[str, list[int]] = defaultdict(list)
        for market_id, words in self._words.items():
            for word in words:
                self._having[word].append(market_id)

    def matches(self, text: str) -> list[Match]:
        """The questions that ``text`` is about, best first."""
        words = words_of(text)
        shared = Counter(market_id for word in words for market_id in self._having.get(word, ()))
        candidates = [market_id for market_id, number in shared.items() if number >= SHARED_MIN]
        found = [Match(market_id, self._overlap(self._words[market_id], words)) for market_id in candidates]
        good = [match for match in found if match.overlap >= OVERLAP_MIN]
        return sorted(good, key=lambda match: (-match.overlap, match.market_id))[:MATCHES_MAX]

    def _overlap(self, question: frozenset[str], text: frozenset[str]) -> float:
        whole = math.fsum(self._weights[word] for word in question)
        return math.fsum(self._weights[word] for word in question & text) / whole


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
