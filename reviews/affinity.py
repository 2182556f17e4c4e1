"""How well a reviewer's publications fit a manuscript, and why. Pure: texts in, scores out.

TF-IDF over word 1-3-grams with sublinear term frequency; a reviewer's score is the mean of the
best few publications (`matching.md` 1.2). The document frequencies come from all publications
given, so a word that everybody uses counts little.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Generic, TypeVar

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

TOP_K = 3
TEXT_SHARE = 0.75  # of the whole score; the rest is the overlap of topics
WORDS_SHOWN = 4
_MIN_DOCUMENTS_TO_PRUNE = 200
_WORD = re.compile(r"[^\W\d_]{3,}")

# Words that stand in most titles and say nothing about a subject.
_NOT_TELLING = ENGLISH_STOP_WORDS | {
    "approach", "approaches", "based", "method", "methods", "new", "novel", "paper", "proposed",
    "results", "show", "shows", "study", "using",
}  # fmt: skip

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Paper(Generic[Key]):
    """One publication of a reviewer; `owner` is whatever identifies the reviewer."""

    owner: Key
    title: str
    abstract: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Affinity:
    """A reviewer's fit by text: cosine 0..1, the closest publication, the words they share."""

    score: float
    closest_title: str = ""
    closest_year: int = 0
    words: tuple[str, ...] = ()
    close_count: int = 0


NO_AFFINITY = Affinity(0.0)


def affinities(
    text: str, papers: Sequence[Paper[Key]], *, top_k: int = TOP_K
) -> dict[Key, Affinity]:
    """The fit of every owner of a paper with a text, with its explanation."""
    if not papers or not text.strip():
        return {}
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 3),
        sublinear_tf=True,
        stop_words=sorted(_NOT_TELLING),
        token_pattern=_WORD.pattern,
        min_df=2 if len(papers) >= _MIN_DOCUMENTS_TO_PRUNE else 1,
        dtype=np.float32,
    )
    try:
        known = vectorizer.fit_transform([_document(p.title, p.abstract) for p in papers])
    except ValueError:  # no paper has a single word that counts
        return {}
    wanted = vectorizer.transform([text])
    similarity = (known @ wanted.T).toarray().ravel()
    mine: dict[Key, list[int]] = defaultdict(list)
    for number, paper in enumerate(papers):
        mine[paper.owner].append(number)
    vocabulary = vectorizer.get_feature_names_out()
    threshold = float(similarity.max()) / 2
    found: dict[Key, Affinity] = {}
    for owner, numbers in mine.items():
        ranked = sorted(numbers, key=lambda n: (-similarity[n], n))
        best = ranked[0]
        top = ranked[:top_k]
        score = float(sum(similarity[n] for n in top)) / len(top)
        if score <= 0:
            found[owner] = NO_AFFINITY
            continue
        shared = known[best].multiply(wanted)
        found[owner] = Affinity(
            score=score,
            closest_title=papers[best].title,
            closest_year=papers[best].year,
            words=_telling(shared.indices, shared.data, vocabulary),
            close_count=int(sum(similarity[n] >= threshold for n in numbers)),
        )
    return found


def whole_score(text_score: float, best_text_score: float, topic_share: float) -> float:
    """Text and topics together, 0..1. The best text in the pool counts as 1."""
    text = text_score / best_text_score if best_text_score > 0 else 0.0
    return round(TEXT_SHARE * text + (1 - TEXT_SHARE) * topic_share, 4)


class TitleIndex(Generic[Key]):
    """Who has which words in titles: made in one pass, then asked for many manuscripts."""

    def __init__(self, titles: Iterable[tuple[Key, str]]) -> None:
        self.owners: dict[str, set[Key]] = defaultdict(set)
        self._titles_with: Counter[str] = Counter()
        self._count = 0
        for owner, title in titles:
            self._count += 1
            words = set(_words(title))
            self._titles_with.update(words)
            for word in words:
                self.owners[word].add(owner)

    def weight(self, word: str) -> float:
        """The rarer a word is in titles, the more it tells."""
        return log((self._count + 1) / (self._titles_with[word] + 0.5))


def shortlist(
    text: str, index: TitleIndex[Key], bonus: Mapping[Key, float], *, size: int
) -> list[Key]:
    """Those of `bonus` who are worth a full look: shared title words, rare words first.

    No model and no look at any single title; the value of `bonus` (such as the share of topics)
    is added to the share of words. Owners without any title take part through their bonus.
    """
    scores: dict[Key, float] = defaultdict(float)
    for word in sorted(set(_words(text)) & index.owners.keys()):
        weight = index.weight(word)
        for owner in index.owners[word]:
            scores[owner] += weight
    best = max((scores[owner] for owner in bonus if owner in scores), default=0.0) or 1.0
    ranked = sorted(
        bonus, key=lambda owner: -(scores.get(owner, 0.0) / best + bonus.get(owner, 0.0))
    )
    return ranked[:size]


def _document(title: str, abstract: str) -> str:
    return f"{title}. {title}. {abstract}"  # a title says more a word than an abstract


def _words(text: str) -> list[str]:
    return [w for w in _WORD.findall(text.lower()) if w not in _NOT_TELLING]


def _telling(indices: np.ndarray, weights: np.ndarray, vocabulary: np.ndarray) -> tuple[str, ...]:
    """The heaviest shared phrases, without those that only repeat a part of another."""
    chosen: list[str] = []
    for place in np.argsort(-weights, kind="stable"):
        phrase = str(vocabulary[indices[place]])
        if any(phrase in other or other in phrase for other in chosen):
            longer = [o for o in chosen if o in phrase]
            if len(longer) == 1 and phrase.count(" ") <= 1:
                chosen[chosen.index(longer[0])] = phrase
            continue
        chosen.append(phrase)
        if len(chosen) == WORDS_SHOWN:
            break
    return tuple(chosen)
