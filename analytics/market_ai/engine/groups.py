"""Which contracts hang together, so that a split keeps them on one side.

Contract   Contracts of one event share its group. Where a source names none, questions whose words are nearly the
           same (numbers and dates aside) share one: "Will X reach 100 by May?" and "Will X reach 120 by June?".
Bound      Candidates come from the rarest words of a question, so the cost grows with the questions, not their square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

_WORD: Final = re.compile(r"[a-z][a-z'-]+")
_DATE_WORDS: Final = frozenset(
    (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "by", "before", "on", "in", "the", "a", "an", "will", "be", "of", "to", "or", "end",
        "than", "more", "less", "above", "below", "at", "least", "between", "during", "from",
    )
)  # fmt: skip
_SIMILAR: Final = 0.6
_RARE_WORDS: Final = 3
_CROWD_MAX: Final = 60


def words_of(question: str) -> frozenset[str]:
    """The words that say what a question is about."""
    return frozenset(_WORD.findall(question.lower())) - _DATE_WORDS


def groups_of(questions: Mapping[str, str]) -> dict[str, str]:
    """For each key the key of the first question of its group; ``questions`` by key."""
    words = {key: words_of(question) for key, question in questions.items()}
    parents = {key: key for key in questions}
    for one, other in _candidates(words):
        if _overlap(words[one], words[other]) >= _SIMILAR:
            first, second = sorted((_root(parents, one), _root(parents, other)))
            parents[second] = first
    return {key: _root(parents, key) for key in questions}


def _candidates(words: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Pairs that share one of their rarest words."""
    counts = Counter(word for each in words.values() for word in each)
    crowds: dict[str, list[str]] = defaultdict(list)
    for key, each in words.items():
        for word in sorted(each, key=lambda one: (counts[one], one))[: _rare(each)]:
            crowds[word].append(key)
    for crowd in crowds.values():
        yield from combinations(crowd, 2) if len(crowd) <= _CROWD_MAX else _chain(crowd)


def _rare(words: Sequence[str] | frozenset[str]) -> int:
    """So many of the rarest words that two questions with the wanted overlap share at least one of them."""
    return max(_RARE_WORDS, len(words) - int(_SIMILAR * len(words)) + 1)


def _chain(crowd: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A crowd's members with their neighbours; a long crowd is told apart by its other words."""
    for place in range(1, len(crowd)):
        yield from ((crowd[place - back], crowd[place]) for back in range(1, min(8, place) + 1))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _root(parents: dict[str, str], key: str) -> str:
    while parents[key] != key:
        parents[key] = parents[parents[key]]
        key = parents[key]
    return key
